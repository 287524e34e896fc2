/**
 * Error rates on ImageNet's 1,000 classes as their papers state them, in percent. Ways of testing differ
 * (crops, number of networks), so they are not to be ranked to the last digit. Where no figure is sure,
 * there is none.
 *
 * @type {Readonly<Record<string, { error: number, kind: "top1" | "top5", source: string }>>}
 */
export const ERRORS = Object.freeze({
  alexnet_2012: {
    error: 40.7,
    kind: "top1",
    source: "Krizhevsky, Sutskever, Hinton 2012, table 2: validation, one CNN",
  },
  vgg16: {
    error: 24.4,
    kind: "top1",
    source:
      "Simonyan, Zisserman, arXiv:1409.1556, table 5: validation, configuration D, multi-crop and dense",
  },
  googlenet_2014: {
    error: 10.07,
    kind: "top5",
    source: "Szegedy et al., arXiv:1409.4842, table 3: one model, one crop",
  },
  resnet50: {
    error: 22.85,
    kind: "top1",
    source: "He et al., arXiv:1512.03385, table 3: validation, 10 crops",
  },
  resnet18: {
    error: 27.88,
    kind: "top1",
    source: "He et al., arXiv:1512.03385, table 2: validation, 10 crops",
  },
  inception_v3: {
    error: 21.2,
    kind: "top1",
    source: "Szegedy et al., arXiv:1512.00567, abstract: validation, one model, one crop",
  },
  mobilenet_v2: {
    error: 28.0,
    kind: "top1",
    source: "Sandler et al., arXiv:1801.04381, table 4: accuracy of 72.0 %",
  },
});
