import { IFragmentConcatenator } from 'aws-cdk-lib';

/** Puts the parts of a text together as CloudFormation would, whatever a resolver makes of its tokens. */
export const INTRINSIC_CONCAT: IFragmentConcatenator = {
  join: (left: unknown, right: unknown): unknown => {
    if (left === undefined || right === undefined) return left ?? right;
    return typeof left === 'string' && typeof right === 'string' ? left + right : { 'Fn::Join': ['', [left, right]] };
  },
};
