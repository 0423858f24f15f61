export { AnswersAsTheyAre } from './answers-as-they-are.decorator.js';
