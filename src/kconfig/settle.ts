import type { Evaluation } from './evaluate.ts';
import { typeCode } from './plan.ts';

/**
 * Computes every symbol in the order of `conf`, and says whether any is not what the user said it is
 * (scripts/kconfig/confdata.c: conf_read).
 */
export function settle(evaluation: Evaluation): boolean {
  const { model, hasUser, isWritten, tristates, userTristates, texts, userTexts } = evaluation;
  const { types } = model.plan;
  let isChanged = false;
  evaluation.calculate(model.modules);
  for (const id of model.hashOrder) {
    evaluation.calculate(id);
    if (hasUser[id] !== isWritten[id]) isChanged = true;
    else if (hasUser[id] === 1) {
      const isText = (types[id] as number) > typeCode.tristate;
      if (isText ? texts[id] !== userTexts[id] : tristates[id] !== userTristates[id]) isChanged = true;
    }
  }
  return isChanged;
}
