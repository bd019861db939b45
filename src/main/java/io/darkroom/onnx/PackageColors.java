package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.LatentColors;
import io.darkroom.model.ModelCard;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The colours of a package's latent space: from {@value #FACTORS} (a list of red, green and blue
 * for each channel) and {@value #BIAS} in the decoder's configuration, or else fitted to the
 * decoder.
 */
final class PackageColors {
  private static final Logger LOG = Logger.getLogger(PackageColors.class);
  private static final String FACTORS = "latent_rgb_factors";
  private static final String BIAS = "latent_rgb_factors_bias";

  private PackageColors() {}

  /**
   * Returns the colours; empty if the decoder returns numbers that are not finite.
   *
   * @throws BrokenPackage if the configuration does not have red, green and blue for each channel
   */
  static Optional<LatentColors> of(Path folder, OrtLatentCodec decoder, ModelCard card)
      throws BrokenPackage {
    Config config = ConfigFile.read(folder, ModelPackage.decoder(folder) + "/config.json");
    int channels = card.network().sampleChannels();
    if (config.has(FACTORS)) {
      return Optional.of(configured(config, channels));
    }
    try {
      return Optional.of(ColorFit.of(decoder::decode, decoder.input(card.network()).shape()));
    } catch (IllegalArgumentException notFinite) {
      LOG.infof(
          "no previews model=%s reason=\"no colours: %s\"", card.name(), notFinite.getMessage());
      return Optional.empty();
    }
  }

  private static LatentColors configured(Config config, int channels) throws BrokenPackage {
    double[][] factors = new double[channels][];
    List<?> rows = config.list(FACTORS);
    if (rows.size() != channels) {
      throw config.broken(
          FACTORS, "must be " + channels + " lists, one for each channel, are " + rows.size());
    }
    for (int c = 0; c < channels; c++) {
      factors[c] = numbers(rows.get(c), config, FACTORS);
    }
    Object bias = config.has(BIAS) ? config.value(BIAS) : List.of(0, 0, 0);
    return new LatentColors(factors, numbers(bias, config, BIAS));
  }

  private static double[] numbers(@Nullable Object value, Config config, String key)
      throws BrokenPackage {
    if (value instanceof List<?> list
        && list.size() == LatentColors.COLORS
        && list.stream().allMatch(PackageColors::finite)) {
      return list.stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray();
    }
    throw config.broken(key, "must be 3 finite numbers, for red, green and blue, is " + value);
  }

  private static boolean finite(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue());
  }
}
