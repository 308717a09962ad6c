import { isSignedIn } from '../session.ts';
import { AccountPage } from './account-page.tsx';
import { ConfirmEmailPage, ForgottenPasswordPage, ResetPasswordPage } from './link-pages.tsx';
import { OrdersPage } from './orders-page.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { SignUpPage } from './sign-up-page.tsx';

/** Pages of who has an account, or wants one. */
export default function AccountPages({ path }: { readonly path: string }) {
  switch (path) {
    case '/account/sign-in':
      return <SignInPage />;
    case '/account/sign-up':
      return <SignUpPage />;
    case '/account/forgotten-password':
      return <ForgottenPasswordPage />;
    case '/account/reset-password':
      return <ResetPasswordPage />;
    case '/account/confirm-email':
      return <ConfirmEmailPage />;
    case '/orders':
      return <OrdersPage />;
    default:
      return isSignedIn() ? <AccountPage /> : <SignInPage />;
  }
}
