export { packColumns, packRows, setProduct, subtractProduct, triangleTask } from './tile-product';
export { packPanelTask, productTask } from './matrix-product';
export { invertBlock } from './invert-block';
export { addRows } from './add-rows';
export { topK } from './top-k';
export { accumulateTask, reflectTask, rotateTask } from './symmetric-eigen';
export { scanItems } from './scan-items';
