// The formats of names, label keys and label values. Each check returns complaints, none if all is well.
// Source: apimachinery pkg/util/validation/validation.go, 1.37.

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const PORT_NAME = /^[-a-z0-9]+$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;

type Check = (text: string) => string[];

function atMost(text: string, limit: number): string[] {
  return text.length > limit ? [`must be no more than ${limit} bytes`] : [];
}

function format(pattern: RegExp, limit: number, complaint: string): Check {
  return (text) => [...atMost(text, limit), ...(pattern.test(text) ? [] : [complaint])];
}

/** Names of containers, volumes, namespaces, StatefulSets, Services. */
export const dnsLabel = format(
  DNS_LABEL,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name' or '123-abc')",
);

/** Names of most objects. */
export const dnsSubdomain = format(
  DNS_SUBDOMAIN,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com')",
);

export const labelValue: Check = (text) =>
  text === ''
    ? []
    : format(
        QUALIFIED,
        63,
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue' or 'my_value' or '12345')",
      )(text);

/** Keys of labels, annotations, taints; names of resources, finalizers, gates: `[prefix/]name`. */
export const qualifiedName: Check = (text) => {
  const parts = text.split('/');
  if (parts.length > 2) {
    return [
      "a qualified name must consist of a name with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  const name = parts.at(-1)!;
  const complaints: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === '') complaints.push('prefix part must be non-empty');
    else complaints.push(...dnsSubdomain(parts[0]!).map((complaint) => `prefix part ${complaint}`));
  }
  if (name === '') return [...complaints, 'name part must be non-empty'];
  complaints.push(...atMost(name, 63).map((complaint) => `name part ${complaint}`));
  if (!QUALIFIED.test(name)) {
    complaints.push(
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName' or 'my.name' or '123-abc')",
    );
  }
  return complaints;
};

/** Names of container ports (IANA service names). */
export const portName: Check = (text) => {
  const complaints: string[] = [];
  if (text.length > 15) complaints.push('must be no more than 15 bytes');
  if (!PORT_NAME.test(text))
    complaints.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens ('-')");
  if (!/[a-z]/.test(text)) complaints.push('must contain at least one letter (a-z)');
  if (text.includes('--')) complaints.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) complaints.push('must not begin or end with a hyphen');
  return complaints;
};

/** Keys of ConfigMaps and Secrets. */
export const configKey: Check = (text) => {
  if (text === '.' || text === '..' || text.startsWith('..'))
    return ["must not be '.', '..' or start with '..'"];
  return format(
    CONFIG_KEY,
    253,
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  )(text);
};
