package io.darkroom.diffusion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One key of a scheduler's configuration or one argument of its call: the values it accepts and its
 * default. Values have the Java types of JSON.
 *
 * @param key in JSON, e.g. {@code solver_order}
 * @param rule what a value must be, e.g. {@code 1 to 3}
 * @param standard the default
 * @param reader converts a JSON value; empty if the value breaks the rule
 * @param foreign meaning of values of other schedulers, which a package's configuration may contain
 * @param <T> the Java type of a value
 */
public record Option<T>(
    String key,
    String rule,
    T standard,
    Function<Object, Optional<T>> reader,
    Map<String, T> foreign) {
  private static final String INFINITY = "Infinity";

  public Option {
    foreign = Map.copyOf(foreign);
  }

  private Option(String key, String rule, T standard, Function<Object, Optional<T>> reader) {
    this(key, rule, standard, reader, Map.of());
  }

  /** Creates an option that is true or false. */
  public static Option<Boolean> flag(String key, boolean standard) {
    return new Option<>(key, "true or false", standard, raw -> as(Boolean.class, raw));
  }

  /** Creates an option that is a whole number from {@code least} to {@code most}. */
  public static Option<Integer> whole(String key, int standard, int least, int most) {
    return new Option<>(key, least + " to " + most, standard, raw -> whole(raw, least, most));
  }

  /**
   * Creates an option that is a number from {@code least} to {@code most}. Either bound may be
   * infinite; JSON writes infinity as the text {@code Infinity} or {@code -Infinity}.
   */
  public static Option<Double> number(String key, double standard, double least, double most) {
    return new Option<>(key, range(least, most), standard, raw -> number(raw, least, most));
  }

  /** Creates an option that is empty or a number from {@code least} to {@code most}. */
  public static Option<OptionalDouble> maybeNumber(String key, double least, double most) {
    return new Option<>(
        key,
        range(least, most),
        OptionalDouble.empty(),
        raw -> number(raw, least, most).map(OptionalDouble::of));
  }

  /**
   * Creates an option that is a list of up to {@code length} numbers, each above {@code least} and
   * at most {@code most}.
   */
  public static Option<List<Double>> numbers(String key, int length, double least, double most) {
    String rule = "a list of up to " + length + " numbers, each " + range(least, most);
    return new Option<>(
        key, rule, List.of(), raw -> list(raw, length, each -> number(each, least, most)));
  }

  /** Creates an option that is a list of up to {@code length} whole numbers. */
  public static Option<List<Integer>> wholes(String key, int length, int least, int most) {
    String rule = "a list of up to " + length + " whole numbers, each " + least + " to " + most;
    return new Option<>(
        key, rule, List.of(), raw -> list(raw, length, each -> whole(each, least, most)));
  }

  /** Creates an option that is one of the values, which JSON names by their {@code toString}. */
  @SafeVarargs
  public static <E> Option<E> choice(String key, E standard, E... values) {
    List<E> all = new ArrayList<>();
    for (E value : values) {
      all.add(value);
    }
    String rule =
        all.stream().map(Object::toString).collect(Collectors.joining(", ", "one of ", ""));
    return new Option<>(
        key, rule, standard, raw -> all.stream().filter(e -> e.toString().equals(raw)).findFirst());
  }

  /** Returns a copy that reads the value {@code name} of a package as {@code meaning}. */
  public Option<T> readingAs(String name, T meaning) {
    Map<String, T> more = new HashMap<>(foreign);
    more.put(name, meaning);
    return new Option<>(key, rule, standard, reader, more);
  }

  /** Returns a copy with another default. */
  public Option<T> withDefault(T otherStandard) {
    return new Option<>(key, rule, otherStandard, reader, foreign);
  }

  /** Returns the JSON form of a value; {@link #requested} reads it back. */
  public Object written(Object value) {
    return value.equals(Double.POSITIVE_INFINITY) || value.equals(Double.NEGATIVE_INFINITY)
        ? value.toString()
        : value;
  }

  /** Converts a request's value; empty if it breaks the rule. */
  public Optional<T> requested(Object raw) {
    return reader.apply(raw);
  }

  /** Converts a package's value; empty if it breaks the rule. */
  public Optional<T> packaged(Object raw) {
    return reader.apply(raw).or(() -> Optional.ofNullable(foreign.get(String.valueOf(raw))));
  }

  private static <C> Optional<C> as(Class<C> type, Object raw) {
    return type.isInstance(raw) ? Optional.of(type.cast(raw)) : Optional.empty();
  }

  private static Optional<Integer> whole(Object raw, int least, int most) {
    return number(raw, least, most).filter(d -> d == StrictMath.rint(d)).map(Double::intValue);
  }

  private static Optional<Double> number(Object raw, double least, double most) {
    return infinity(raw)
        .or(() -> as(Number.class, raw).map(Number::doubleValue))
        .filter(d -> d >= least && d <= most);
  }

  private static Optional<Double> infinity(Object raw) {
    if (raw.equals(INFINITY)) {
      return Optional.of(Double.POSITIVE_INFINITY);
    }
    return raw.equals("-" + INFINITY) ? Optional.of(Double.NEGATIVE_INFINITY) : Optional.empty();
  }

  private static <E> Optional<List<E>> list(
      Object raw, int length, Function<Object, Optional<E>> reader) {
    if (!(raw instanceof List<?> values) || values.size() > length) {
      return Optional.empty();
    }
    List<E> out = new ArrayList<>(values.size());
    for (Object value : values) {
      Optional<E> read = reader.apply(value);
      if (read.isEmpty()) {
        return Optional.empty();
      }
      out.add(read.get());
    }
    return Optional.of(List.copyOf(out));
  }

  private static String range(double least, double most) {
    return shown(least) + " to " + shown(most);
  }

  private static String shown(double bound) {
    return bound == StrictMath.rint(bound) && StrictMath.abs(bound) < 1e9
        ? Long.toString((long) bound)
        : Double.toString(bound);
  }
}
