import { newNode, type ModelNode, type OnnxModel } from './onnxModel.ts';

/**
 * Replaces GELUs that are written out with the error function, x · (erf(x / √2) + 1) · ½, by ONNX Runtime's operator for their
 * approximation with tanh, which differs by at most 0.0005 and takes less time.
 */
export function approximateGelus(model: OnnxModel): void {
  const maker = new Map(model.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const user = new Map(model.nodes.flatMap((node) => node.inputs.map((input) => [input, node] as const)));
  const next = (node: ModelNode | undefined, op: string): ModelNode | undefined => {
    const found = user.get(node?.outputs[0] ?? '');
    return found?.op === op ? found : undefined;
  };
  model.importDomain('com.microsoft', 1);
  const gelus = new Map<ModelNode, ModelNode>();
  for (const erf of model.nodes.filter(({ op }) => op === 'Erf')) {
    const x = maker.get(erf.inputs[0] ?? '')?.inputs[0];
    const last = next(next(next(erf, 'Add'), 'Mul'), 'Mul');
    if (x === undefined || !last) continue;
    const { outputs } = last;
    gelus.set(last, newNode({ op: 'FastGelu', domain: 'com.microsoft', inputs: [x], outputs }));
  }
  model.nodes = model.nodes.map((node) => gelus.get(node) ?? node);
  model.dropUnused();
}
