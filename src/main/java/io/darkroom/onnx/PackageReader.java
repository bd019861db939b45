package io.darkroom.onnx;

import io.darkroom.job.ModelRef;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.Config;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Space;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;

/** Reads folders of packages: all bytes for the digests and all configurations for the card. */
public final class PackageReader {
  private static final Logger LOG = Logger.getLogger(PackageReader.class);

  private PackageReader() {}

  /**
   * Reads the package in {@code folder}, which may be a link to it.
   *
   * @throws BrokenPackage with the file and the field if something is missing, malformed or not
   *     supported
   */
  public static ModelPackage read(Path folder) throws BrokenPackage {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "" : last.toString();
    try {
      return read(name, Files.isSymbolicLink(folder) ? folder.toRealPath() : folder);
    } catch (BrokenPackage e) {
      throw e.in(name);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // An error of one package must not affect the others.
      LOG.errorf(e, "internal error while reading a package model=%s", name);
      throw new BrokenPackage(PackageFiles.TOP, "", "cannot be read: " + e, e).in(name);
    }
  }

  private static ModelPackage read(String name, Path folder) throws BrokenPackage {
    checkName(name);
    if (HubCache.is(folder)) {
      throw HubCache.refusal(folder);
    }
    PackageIndex.check(folder);
    PackageFiles files = PackageFiles.of(folder);
    PackageDigest digest = PackageDigest.of(files);
    Config scheduler = ConfigFile.read(folder, ModelPackage.SCHEDULER);
    NetworkReader network = NetworkReader.read(folder);
    Space space = SpaceReader.read(new PackageFolder(folder));
    List<Condition> conditions = network.conditions();
    ModelCard.Network denoiser = network.network(conditions, space);
    ModelCard card =
        new ModelCard(
            name,
            digest.sha256(),
            digest.components(),
            denoiser,
            conditions,
            DecodeTileReader.read(folder, space, denoiser).scaled(network.scaling()),
            network.medium(),
            scheduler.values(),
            Sha256.of(ConfigFile.bytes(folder, ModelPackage.SCHEDULER)),
            network.defaults(),
            network.skips());
    SchedulerCheck.check(card);
    return new ModelPackage(folder, card, files.bytes());
  }

  private static void checkName(String name) throws BrokenPackage {
    if (!ModelRef.isName(name)) {
      throw new BrokenPackage(
          PackageFiles.TOP,
          "",
          "the folder's name must be " + ModelRef.NAME_RULE + ", so that requests can name it");
    }
  }
}
