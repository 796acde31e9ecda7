/** A policy with one statement, as a resource of a template. */
export interface PolicyWay {
  readonly resource: (statement: object) => { readonly Type: string; readonly Properties: object };
  /** Whether the statement stands in a text, where no part of it can be a list. */
  readonly isText?: boolean;
}

const documentOf = (statement: object): object => ({ Version: '2012-10-17', Statement: [statement] });
const inline = (type: string): PolicyWay => ({
  resource: statement => ({ Type: type, Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: documentOf(statement) }] } }),
});
const attached = (type: string): PolicyWay => ({
  resource: statement => ({ Type: type, Properties: { PolicyDocument: documentOf(statement) } }),
});

/** A text in which each value of the statement is a variable of Fn::Sub. */
function subText(statement: object): object {
  const entries = Object.entries(statement);
  const text = JSON.stringify(documentOf(Object.fromEntries(entries.map(([key]) => [key, `\${${key}}`]))));
  return { 'Fn::Sub': [text, Object.fromEntries(entries)] };
}

/** Every way to write a policy. */
export const WAYS_TO_WRITE_A_POLICY: Readonly<Record<string, PolicyWay>> = {
  'a role\'s inline policy': inline('AWS::IAM::Role'),
  'a group\'s inline policy': inline('AWS::IAM::Group'),
  'AWS::IAM::Policy': attached('AWS::IAM::Policy'),
  'a managed policy': attached('AWS::IAM::ManagedPolicy'),
  'AWS::IAM::RolePolicy': attached('AWS::IAM::RolePolicy'),
  'a permission set': { resource: statement => ({ Type: 'AWS::SSO::PermissionSet', Properties: { InlinePolicy: documentOf(statement) } }) },
  'a SAM resource': {
    resource: statement => ({
      Type: 'AWS::Serverless::StateMachine', Properties: { Policies: ['AWSLambdaBasicExecutionRole', documentOf(statement)] },
    }),
  },
  'a document under Fn::If': {
    resource: statement => ({
      Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { 'Fn::If': ['C', documentOf(statement), { Ref: 'AWS::NoValue' }] } },
    }),
  },
  'a statement that is not in a list': {
    resource: statement => ({
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: { 'Fn::If': ['C', { Ref: 'AWS::NoValue' }, statement] } } },
    }),
  },
  'JSON text by Fn::ToJsonString': {
    resource: statement => ({
      Type: 'AWS::SSO::PermissionSet', Properties: { InlinePolicy: { 'Fn::ToJsonString': documentOf(statement) } },
    }),
  },
  'JSON text by Fn::Sub': {
    resource: statement => ({ Type: 'AWS::SSO::PermissionSet', Properties: { InlinePolicy: subText(statement) } }),
    isText: true,
  },
};
