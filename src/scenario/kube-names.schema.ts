/** Names, labels and annotations that a scenario gives to objects: such as the API server takes them. */
import { z } from 'zod';
import { foundText } from '../base/values.ts';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../kube/validation/names.ts';

/** Complaints about a text; none if all is well. */
type Check = (text: string) => readonly string[];

function checkedText(check: Check) {
  return z.string().superRefine((text, context) => {
    for (const complaint of check(text))
      context.addIssue({ code: 'custom', message: `found ${foundText(text)}: ${complaint}` });
  });
}

export const objectName = checkedText(dnsSubdomain);
export const serviceName = checkedText(dnsLabel);
export const labelKeyText = checkedText(qualifiedName);
export const labelValueText = checkedText(labelValue);
export const annotationKeyText = checkedText((key) => qualifiedName(key.toLowerCase()));
export const labelMap = z.record(labelKeyText, labelValueText);
