import { runReadmeStack } from './readme-block';

runReadmeStack();
