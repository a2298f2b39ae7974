/** Consent has no operation in TRUSTID's document: it is given on Probity's own page, or like this. */
export async function consent(base: string, token: string, modalities: readonly string[]): Promise<void> {
  const asked = await fetch(`${base}/probity/v1/consent-policies`);
  const { policies } = (await asked.json()) as {
    policies: { modality: string; purpose: string; version: string }[];
  };
  for (const { modality, purpose, version } of policies) {
    if (!modalities.includes(modality)) continue;
    const given = await fetch(`${base}/probity/v1/consents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ modality, purpose, policyVersion: version }),
    });
    if (!given.ok) throw new Error(`Consent to ${modality}: ${given.status} ${await given.text()}`);
  }
}
