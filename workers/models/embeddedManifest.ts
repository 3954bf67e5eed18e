import {
  describedModel,
  malformed,
  record,
  weightFile,
  type ModelDescription,
  type Precision,
  type WeightFile,
} from './manifestParts.ts';

/** What `public/models/embedded.json` says. */
export interface EmbeddedManifest extends ModelDescription {
  readonly family: 'embedded';
  readonly encoder: Readonly<Record<Precision, WeightFile>>;
  readonly decoder: WeightFile;
}

/** @throws MaskletError `weights-altered` if `json` is not a manifest of the embedded model. */
export function parseEmbeddedManifest(json: unknown): EmbeddedManifest {
  const manifest = record(json, 'manifest');
  if (manifest['family'] !== 'embedded') throw malformed('family');
  const { encoder, decoder } = record(manifest['graphs'], 'graphs');
  const { fp32, fp16, lite } = record(encoder, 'encoder');
  return {
    ...describedModel(manifest),
    family: 'embedded',
    encoder: {
      fp32: weightFile(fp32, 'encoder in fp32'),
      fp16: weightFile(fp16, 'encoder in fp16'),
      lite: weightFile(lite, 'encoder for LiteRT'),
    },
    decoder: weightFile(decoder, 'decoder'),
  };
}
