package io.darkroom.render;

import io.darkroom.job.Manifest;
import io.darkroom.job.StageRequest;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The input pictures and tensors of a request after they were read.
 *
 * @param byPointer the inputs by their pointers in the request, in order
 */
record ReadInputs(Map<String, InputReader.Input> byPointer) {

  /** Returns the addresses and digests, by pointer. */
  Map<String, Manifest.InputFile> files() {
    Map<String, Manifest.InputFile> files = new LinkedHashMap<>();
    byPointer.forEach((pointer, input) -> files.put(pointer, input.file()));
    return files;
  }

  /** Returns what results take from the picture that they enlarge. */
  SourceDetails source() {
    InputReader.Input image = byPointer.get(StageRequest.IMAGE);
    return image == null ? SourceDetails.NOTHING : image.details();
  }

  /** Returns the pointers of the inputs whose shapes differ from those in their headers. */
  Set<String> otherShapes(List<InputReader.Announced> announced) {
    Set<String> others = new HashSet<>();
    for (InputReader.Announced each : announced) {
      InputReader.Input input = Objects.requireNonNull(byPointer.get(each.pointer()));
      if (!input.tensor().shape().equals(each.shape())) {
        others.add(each.pointer());
      }
    }
    return others;
  }

  /** Returns the pictures after resizing for a stage, by pointer. */
  Map<String, Tensor> taken(Stage stage) {
    Map<String, Tensor> taken = new HashMap<>();
    byPointer.forEach(
        (pointer, input) -> taken.put(pointer, stage.resize(pointer, input.tensor())));
    return taken;
  }

  /** Returns one digest over all input pictures and their pointers. */
  static String digest(Map<String, Manifest.InputFile> files) {
    StringBuilder all = new StringBuilder();
    new TreeMap<>(files).forEach((pointer, file) -> all.append(pointer).append(file.sha256()));
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
