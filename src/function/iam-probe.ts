/** What a function checks of its role while it starts, before it takes a request. */
export enum IamProbe {
  /** sts:GetCallerIdentity and bedrock:ListFoundationModels. */
  BASIC = 'BASIC',
  /** BASIC, and each allowed model, without inference cost. */
  DEEP = 'DEEP',
  /** Nothing. */
  NONE = 'NONE',
}
