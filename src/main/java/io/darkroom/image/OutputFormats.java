package io.darkroom.image;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds {@link OutputFormat}s by name. */
public final class OutputFormats {
  private static final SortedMap<String, OutputFormat> FORMATS =
      new TreeMap<>(
          ServiceLoader.load(OutputFormat.class, OutputFormats.class.getClassLoader()).stream()
              .map(ServiceLoader.Provider::get)
              .collect(Collectors.toMap(OutputFormat::name, Function.identity())));

  private OutputFormats() {}

  /** Returns the format with this name; empty if this worker cannot write it. */
  public static Optional<OutputFormat> find(String name) {
    return Optional.ofNullable(FORMATS.get(name));
  }

  /** Returns the media type of a format that this worker writes. */
  public static String mediaType(String name) {
    return find(name).orElseThrow().mediaType();
  }

  /** Returns the format of a file by its first bytes; empty if none of them wrote it. */
  public static Optional<OutputFormat> of(byte[] file) {
    return FORMATS.values().stream().filter(format -> format.recognizes(file)).findFirst();
  }

  /**
   * Returns the names of the formats with a property, as part of a sentence: {@code jpeg, npy or
   * png}.
   */
  public static String names(Predicate<OutputFormat> property) {
    return sentence(property, OutputFormat::name);
  }

  /**
   * Returns the formats for a result and the bits of their samples, as part of a sentence: {@code
   * npy (float32) or png (8 bits)}.
   */
  public static String namesWithBits(Medium medium, int channels) {
    return sentence(
        format -> format.holds(medium, channels),
        format -> format.name() + " (" + bits(format.bits(medium)) + ")");
  }

  private static String bits(List<Integer> bits) {
    return bits.isEmpty()
        ? "float32"
        : bits.stream().map(String::valueOf).collect(Collectors.joining(" or ")) + " bits";
  }

  private static String sentence(
      Predicate<OutputFormat> property, Function<OutputFormat, String> words) {
    List<String> names = FORMATS.values().stream().filter(property).map(words).toList();
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
