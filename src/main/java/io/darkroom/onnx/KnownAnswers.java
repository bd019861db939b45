package io.darkroom.onnx;

import io.darkroom.job.Fingerprint;
import io.darkroom.json.DamagedConfig;
import io.darkroom.json.JsonConfig;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.model.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Stores the outputs of packages' networks for fixed inputs (answers), so that every process must
 * give the same bits. An answer is valid for one package on one kind of device with the same
 * settings; another processor or another release of ONNX Runtime has separate answers.
 *
 * <p>Answers are in the file {@value #FILE} of the package, which is not part of its digest, or,
 * for read-only packages, in {@code NAME-DIGEST.json} in a folder. If there is a folder, both are
 * read and the folder is written.
 */
public final class KnownAnswers {
  static final String FILE = "known_answers.json";
  private static final String LIST = "answers";
  private static final String SHA256 = "sha256";
  private static final String PACKAGE = "package_sha256";
  private static final String PROFILE = "milliseconds_per_row";
  private static final String ROWS = "rows_per_call";
  private static final int SHORT_DIGEST = 12;

  private final Optional<Path> shared;

  private KnownAnswers(Optional<Path> shared) {
    this.shared = shared;
  }

  /** Returns the answers in the packages; nothing is written unless requested. */
  public static KnownAnswers inPackages() {
    return new KnownAnswers(Optional.empty());
  }

  /**
   * Returns the answers in the packages and in a folder; new answers are written to the folder when
   * a package is loaded.
   */
  public static KnownAnswers in(Path folder) {
    return new KnownAnswers(Optional.of(folder));
  }

  /** Returns whether new answers are stored without a request. */
  boolean keepsNew() {
    return shared.isPresent();
  }

  /**
   * Returns the known answers of a package on a device, by component; empty if there are none.
   *
   * @throws BrokenPackage if a file of answers is damaged
   */
  SortedMap<String, String> find(ModelPackage pack, Fingerprint.Device device)
      throws BrokenPackage {
    SortedMap<String, String> found = new TreeMap<>();
    for (Path file : files(pack)) {
      for (Map<?, ?> entry : entries(file)) {
        if (concerns(entry, pack, device)) {
          found.putAll(digests(file, entry));
        }
      }
    }
    return found;
  }

  /**
   * Answers that were stored on some device.
   *
   * @param device the device, its settings and the release of ONNX Runtime, by the names in the
   *     file
   * @param sha256 digest by component
   */
  public record Stored(Map<String, Object> device, Map<String, String> sha256) {

    public Stored {
      device = Collections.unmodifiableMap(new LinkedHashMap<>(device));
      sha256 = Map.copyOf(sha256);
    }
  }

  /**
   * Returns the answers of a package on all devices, for calls of the same rows: the number of rows
   * determines which inputs an answer covers.
   *
   * @throws BrokenPackage if a file of answers is damaged
   */
  public List<Stored> stored(ModelPackage pack, Fingerprint.Device device) throws BrokenPackage {
    Map<String, Object> key = key(pack, device);
    List<Stored> stored = new ArrayList<>();
    for (Path file : files(pack)) {
      for (Map<?, ?> entry : entries(file)) {
        if (same(PACKAGE, key, entry) && same(ROWS, key, entry)) {
          stored.add(new Stored(device(key.keySet(), entry), digests(file, entry)));
        }
      }
    }
    return stored;
  }

  private static boolean same(String name, Map<String, Object> key, Map<?, ?> entry) {
    return Objects.equals(key.get(name), entry.get(name));
  }

  private static Map<String, Object> device(Set<String> names, Map<?, ?> entry) {
    Map<String, Object> device = new LinkedHashMap<>();
    for (String name : names) {
      Object value = entry.get(name);
      if (value != null && !name.equals(PACKAGE)) {
        device.put(name, value);
      }
    }
    return device;
  }

  /**
   * Returns the row costs of a package on the devices that have answers.
   *
   * @throws BrokenPackage if a file of answers is damaged
   */
  public List<Profile> profiles(ModelPackage pack) throws BrokenPackage {
    List<Profile> profiles = new ArrayList<>();
    for (Path file : files(pack)) {
      for (Map<?, ?> entry : entries(file)) {
        if (pack.card().sha256().equals(entry.get(PACKAGE))
            && entry.get(PROFILE) instanceof Map<?, ?> millis) {
          profiles.add(profile(millis));
        }
      }
    }
    return profiles;
  }

  private static Profile profile(Map<?, ?> millisByRows) {
    List<Profile.Point> points = new ArrayList<>();
    millisByRows.forEach(
        (rows, millis) -> {
          if (rows.toString().matches("\\d{1,4}") && millis instanceof Number number) {
            points.add(new Profile.Point(Integer.parseInt(rows.toString()), number.doubleValue()));
          }
        });
    points.sort(Comparator.comparingInt(Profile.Point::rows));
    return new Profile(points);
  }

  /**
   * Writes answers that were not known when the package was loaded. Does nothing if another process
   * has written the same ones in the meantime.
   *
   * @return the file
   * @throws BrokenPackage if another process has written different ones in the meantime
   * @throws IOException if the file cannot be written
   */
  Path keep(ModelPackage pack, Fingerprint.Device device, Findings findings)
      throws BrokenPackage, IOException {
    SortedMap<String, String> meanwhile = find(pack, device);
    AnswerCheck.compare(meanwhile, findings.answers());
    return meanwhile.isEmpty() ? write(pack, device, findings) : target(pack);
  }

  /**
   * Writes the answers of a package and its row costs, replacing those of the same package and
   * device.
   *
   * @return the file
   * @throws IOException if the file cannot be written
   */
  public Path write(ModelPackage pack, Fingerprint.Device device, Findings findings)
      throws IOException {
    Path file = target(pack);
    List<Object> entries = new ArrayList<>();
    try {
      for (Map<?, ?> entry : entries(file)) {
        if (!concerns(entry, pack, device)) {
          entries.add(entry);
        }
      }
    } catch (BrokenPackage damaged) {
      throw new IOException(damaged.getMessage(), damaged);
    }
    Map<String, Object> entry = key(pack, device);
    entry.put(SHA256, new TreeMap<>(findings.answers()));
    Map<String, Object> profile = new LinkedHashMap<>();
    findings
        .profile()
        .points()
        .forEach(point -> profile.put(String.valueOf(point.rows()), point.millisPerRow()));
    entry.put(PROFILE, profile);
    entries.add(entry);
    replace(file, JsonConfig.write(Map.of(LIST, entries)) + "\n");
    return file;
  }

  /**
   * Replaces the file atomically with the default mode of new files, because a temporary file is
   * private.
   */
  private static void replace(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
    Path temporary = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
    try {
      Files.writeString(temporary, text, StandardOpenOption.CREATE_NEW);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private Path target(ModelPackage pack) {
    return shared.isPresent() ? shared(shared.get(), pack) : pack.folder().resolve(FILE);
  }

  private List<Path> files(ModelPackage pack) {
    List<Path> files = new ArrayList<>(List.of(pack.folder().resolve(FILE)));
    shared.ifPresent(folder -> files.add(shared(folder, pack)));
    return files;
  }

  private static Path shared(Path folder, ModelPackage pack) {
    String digest = pack.card().sha256().substring(0, SHORT_DIGEST);
    return folder.resolve(pack.card().name() + "-" + digest + ".json");
  }

  private static Map<String, String> digests(Path file, Map<?, ?> entry) throws BrokenPackage {
    Map<String, String> digests = new TreeMap<>();
    if (entry.get(SHA256) instanceof Map<?, ?> given) {
      given.forEach(
          (name, digest) -> {
            if (digest instanceof String text) {
              digests.put(name.toString(), text);
            }
          });
      if (!digests.isEmpty() && digests.size() == given.size()) {
        return digests;
      }
    }
    throw new BrokenPackage(
        file.getFileName().toString(),
        SHA256,
        "must hold a digest for each component, is " + entry.get(SHA256));
  }

  private static List<Map<?, ?>> entries(Path file) throws BrokenPackage {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      Map<String, Object> content =
          JsonConfig.read(file.getFileName().toString(), Files.readAllBytes(file));
      List<Map<?, ?>> entries = new ArrayList<>();
      if (content.get(LIST) instanceof List<?> list) {
        for (Object each : list) {
          if (each instanceof Map<?, ?> entry) {
            entries.add(entry);
          }
        }
      }
      return entries;
    } catch (IOException | DamagedConfig e) {
      throw new BrokenPackage(file.getFileName().toString(), "", "cannot be read", e);
    }
  }

  private static boolean concerns(Map<?, ?> entry, ModelPackage pack, Fingerprint.Device device) {
    return key(pack, device).entrySet().stream()
        .allMatch(each -> each.getValue().equals(entry.get(each.getKey())));
  }

  private static Map<String, Object> key(ModelPackage pack, Fingerprint.Device device) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put(PACKAGE, pack.card().sha256());
    key.put("provider", device.provider());
    key.put("device", device.name());
    key.put("compute_capability", device.computeCapability());
    key.put("onnxruntime_version", device.onnxruntimeVersion());
    key.put("optimization_level", device.optimizationLevel());
    key.put("options", new TreeMap<>(device.options()));
    key.put("precision", device.precision());
    key.put("threads", device.threads());
    key.put(ROWS, device.rowsPerCall());
    return key;
  }
}
