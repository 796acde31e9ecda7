import { EmulatorClient } from '../emulator/emulator-client';

const USERNAME = 'reader@newsroom.example';
/** Of a user of the local AWS, which is gone with it. */
const PASSWORD = 'For-the-local-stage-1';

/**
 * Invites a user and signs them in; returns the ID token. By a client of the demo's own, which may send the password as it is: pages
 * prove it by SRP. The local AWS asks nobody for a second factor who has set up none.
 */
export async function signIn(client: EmulatorClient, userPoolId: string): Promise<string> {
  const { UserPoolClient: { ClientId } } = await client.cognito<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId: userPoolId, ClientName: 'local-stage', ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
  });
  const user = { UserPoolId: userPoolId, Username: USERNAME };
  await client.cognito('AdminCreateUser', { ...user, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
  await client.cognito('AdminSetUserPassword', { ...user, Password: PASSWORD, Permanent: true });
  const { AuthenticationResult } = await client.cognito<{ AuthenticationResult: { IdToken: string } }>('AdminInitiateAuth', {
    UserPoolId: userPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD },
  });
  return AuthenticationResult.IdToken;
}
