package io.darkroom.onnx;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.model.Profile;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import org.jboss.logging.Logger;

/** Holds a package to the answers that are known for it, as its tier demands. */
record AnswerCheck(KnownAnswers known, Tier tier) {
  private static final Logger LOG = Logger.getLogger(AnswerCheck.class);

  /**
   * Whether the answers were known; where they were not and can be kept, they are from now on.
   *
   * @throws BrokenPackage where other answers are known for the package on this device
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
   * Compares answers, component by component.
   *
   * @throws BrokenPackage where one is another than is expected
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
      // Not knowing them is no fault of this start; the next one is as free as this.
      LOG.warnf("answers not kept model=%s reason=%s", pack.card().name(), e.toString());
    }
  }
}
