import { session } from '../session.ts';
import { MailPage } from './mail-page.tsx';
import { OrderDesk } from './order-desk.tsx';
import { ProductDesk } from './product-desk.tsx';

const pages = [
  { path: '/operator/orders', title: 'Orders', Page: OrderDesk },
  { path: '/operator/products', title: 'Products', Page: ProductDesk },
  { path: '/operator/mail', title: 'Mailbox', Page: MailPage },
];

/** Pages of who runs the shop. */
export default function OperatorPages({ path }: { readonly path: string }) {
  if (session.value.kind !== 'operator') {
    return (
      <section class="empty">
        <h1>For who runs the shop</h1>
        <p>
          <a href="/account/sign-in">Sign in</a> as an operator to see this page.
        </p>
      </section>
    );
  }
  const { Page } = pages.find((page) => page.path === path) ?? pages[0]!;
  return (
    <>
      <nav class="tabs" aria-label="Running the shop">
        {pages.map(({ path: to, title, Page: other }) => (
          <a key={to} href={to} aria-current={other === Page ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <Page />
    </>
  );
}
