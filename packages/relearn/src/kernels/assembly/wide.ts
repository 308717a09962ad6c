/** What multiplies tiles by tiles: the kernels that vectors of 256 bits bring most. */
export { setProduct, subtractProduct } from './tile-product';
export { pivotPanelTask, triangleTask } from './spd-inverse';
export { productTask } from './matrix-product';
export { gramPartTask, turnRowsTask } from './ials';
