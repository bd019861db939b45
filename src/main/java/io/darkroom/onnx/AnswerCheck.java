package io.darkroom.onnx;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.model.Profile;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import org.jboss.logging.Logger;

/** Compares the outputs of a package's networks (answers) with known ones, as its tier requires. */
record AnswerCheck(KnownAnswers known, Tier tier) {
  private static final Logger LOG = Logger.getLogger(AnswerCheck.class);

  /**
   * Returns whether the answers were known. New answers are stored if that is enabled.
   *
   * @throws BrokenPackage if they differ from the known answers of the package on this device
   */
  boolean known(
      ModelPackage pack, Fingerprint.Device device, Map<String, String> answers, Profile profile)
      throws BrokenPackage {
    if (tier == Tier.FAST) {
      return false;
    }
    SortedMap<String, String> expected = known.find(pack, device);
    compare(expected, answers);
    if (expected.isEmpty() && known.keepsNew()) {
      keep(pack, device, new Findings(answers, false, Findings.NONE.memory(), profile));
    }
    return !expected.isEmpty();
  }

  /**
   * Compares answers component by component.
   *
   * @throws BrokenPackage if one differs from the expected answer
   */
  static void compare(Map<String, String> expected, Map<String, String> answers)
      throws BrokenPackage {
    for (Map.Entry<String, String> each : expected.entrySet()) {
      String given = answers.getOrDefault(each.getKey(), "none");
      if (!given.equals(each.getValue())) {
        throw BrokenPackage.unlike(each.getKey(), each.getValue(), given);
      }
    }
  }

  private void keep(ModelPackage pack, Fingerprint.Device device, Findings findings)
      throws BrokenPackage {
    try {
      LOG.infof(
          "answers kept model=%s file=%s", pack.card().name(), known.keep(pack, device, findings));
    } catch (IOException e) {
      // A failure to store new answers is not an error: the next start can store them.
      LOG.warnf(
          "answers not kept model=%s reason=%s",
          pack.card().name(), Printable.logValue(e.toString()));
    }
  }
}
