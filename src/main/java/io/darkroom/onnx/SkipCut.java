package io.darkroom.onnx;

import io.darkroom.model.SkipFeature;

/**
 * A place at which a U-Net can be split.
 *
 * @param tensor name of the deep feature in the graph
 * @param feature its shape
 */
record SkipCut(String tensor, SkipFeature feature) {}
