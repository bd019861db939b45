package io.darkroom.replay;

import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Manifest.OutputFile;
import io.darkroom.render.Bytes;
import io.darkroom.text.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Compares two renders of one request by the digests of their outputs. */
final class Comparison {
  private Comparison() {}

  /** Returns the verdict on a second render, with the differences besides the pixels. */
  static Finding of(String source, Manifest original, Manifest again) {
    List<String> reasons = new ArrayList<>(Differences.between(original, again));
    if (original.outputs().size() != again.outputs().size()) {
      reasons.add(
          "/outputs: were %d, are %d".formatted(original.outputs().size(), again.outputs().size()));
    }
    Verdict verdict = verdict(original, again, reasons.isEmpty());
    List<String> changed = changedInputs(original, again);
    if (!verdict.reproduced() && !changed.isEmpty()) {
      return new Finding(original.requestId(), source, Verdict.NOT_REPLAYABLE, changed);
    }
    boolean unexplained = verdict == Verdict.DIFFERENT && reasons.isEmpty();
    List<String> listed =
        unexplained
            ? List.of("plan, inputs and fingerprint are equal, but the pixels differ")
            : reasons;
    return new Finding(original.requestId(), source, verdict, listed);
  }

  /** Returns one line for each input that has other bytes than at the first render. */
  private static List<String> changedInputs(Manifest original, Manifest again) {
    List<String> changed = new ArrayList<>();
    int inputs = Math.min(original.inputs().size(), again.inputs().size());
    for (int i = 0; i < inputs; i++) {
      Manifest.InputFile was = original.inputs().get(i);
      String is = again.inputs().get(i).sha256();
      if (!was.sha256().equals(is)) {
        changed.add(
            "input: %s was changed: its sha256 must be %s, is %s"
                .formatted(was.uri(), was.sha256(), is));
      }
    }
    return changed;
  }

  /** Returns the verdict on a second render of the request that a picture contains. */
  static Finding of(String source, String requestId, Bytes picture, Manifest again) {
    String sha256 = Sha256.of(picture.array());
    if (again.files().stream().anyMatch(output -> output.sha256().equals(sha256))) {
      return new Finding(requestId, source, Verdict.EQUAL_FILES, List.of());
    }
    try {
      StoredPicture stored = StoredPicture.readPng(picture.array());
      boolean equal = again.files().stream().anyMatch(output -> sameContent(stored, output));
      Verdict verdict = equal ? Verdict.EQUAL_PIXELS : Verdict.DIFFERENT;
      List<String> reasons =
          equal ? List.of() : List.of("no output of the second render has these pixels");
      return new Finding(requestId, source, verdict, reasons);
    } catch (UnreadablePicture damaged) {
      return Finding.notReplayable(requestId, source, String.valueOf(damaged.getMessage()));
    }
  }

  private static boolean sameContent(StoredPicture picture, OutputFile output) {
    return !output.shape().isEmpty()
        && picture
            .contentSha256(output.shape().get(0))
            .filter(output.pixelsSha256()::equals)
            .isPresent();
  }

  private static Verdict verdict(Manifest original, Manifest again, boolean sameConditions) {
    if (same(original, again, OutputFile::sha256)) {
      return Verdict.EQUAL_FILES;
    }
    if (same(original, again, OutputFile::pixelsSha256)) {
      return Verdict.EQUAL_PIXELS;
    }
    return sameConditions && !exact(original) ? Verdict.WITHIN_TIER : Verdict.DIFFERENT;
  }

  private static boolean exact(Manifest manifest) {
    return manifest.fingerprints().stream().allMatch(Fingerprint::exact);
  }

  private static boolean same(
      Manifest original, Manifest again, Function<OutputFile, String> digest) {
    return digests(original, digest).equals(digests(again, digest));
  }

  private static List<String> digests(Manifest manifest, Function<OutputFile, String> digest) {
    return manifest.files().stream().map(digest).toList();
  }
}
