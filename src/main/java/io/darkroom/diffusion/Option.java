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
 * One key of a scheduler's configuration or one argument of its call: what it may be, and what it
 * is where no value is given. Values come as JSON has them.
 *
 * @param key as JSON has it, e.g. {@code solver_order}
 * @param rule what a value must be, e.g. {@code 1 to 3}
 * @param standard the value where none is given
 * @param reader the typed value, or empty where the rule is broken
 * @param foreign what values of other schedulers mean here, where a package wrote them
 * @param <T> the type in Java
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

  /** True or false. */
  public static Option<Boolean> flag(String key, boolean standard) {
    return new Option<>(key, "true or false", standard, raw -> as(Boolean.class, raw));
  }

  /** A whole number from {@code least} to {@code most}. */
  public static Option<Integer> whole(String key, int standard, int least, int most) {
    return new Option<>(key, least + " to " + most, standard, raw -> whole(raw, least, most));
  }

  /**
   * A number from {@code least} to {@code most}, either of which may be infinite: JSON has that as
   * the text {@code Infinity} or {@code -Infinity}.
   */
  public static Option<Double> number(String key, double standard, double least, double most) {
    return new Option<>(key, range(least, most), standard, raw -> number(raw, least, most));
  }

  /** A number from {@code least} to {@code most}, or nothing. */
  public static Option<OptionalDouble> maybeNumber(String key, double least, double most) {
    return new Option<>(
        key,
        range(least, most),
        OptionalDouble.empty(),
        raw -> number(raw, least, most).map(OptionalDouble::of));
  }

  /** Up to {@code length} numbers, each above {@code least}, at most {@code most}. */
  public static Option<List<Double>> numbers(String key, int length, double least, double most) {
    String rule = "a list of up to " + length + " numbers, each " + range(least, most);
    return new Option<>(
        key, rule, List.of(), raw -> list(raw, length, each -> number(each, least, most)));
  }

  /** Up to {@code length} whole numbers. */
  public static Option<List<Integer>> wholes(String key, int length, int least, int most) {
    String rule = "a list of up to " + length + " whole numbers, each " + least + " to " + most;
    return new Option<>(
        key, rule, List.of(), raw -> list(raw, length, each -> whole(each, least, most)));
  }

  /** One of the values, named by what {@code toString} gives. */
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

  /** The same option, for which a package's value {@code name} means {@code meaning}. */
  public Option<T> reading(String name, T meaning) {
    Map<String, T> more = new HashMap<>(foreign);
    more.put(name, meaning);
    return new Option<>(key, rule, standard, reader, more);
  }

  /** The same option with another standard value. */
  public Option<T> standing(T otherStandard) {
    return new Option<>(key, rule, otherStandard, reader, foreign);
  }

  /** The value as JSON has it, from which {@link #requested} reads it again. */
  public Object written(Object value) {
    return value.equals(Double.POSITIVE_INFINITY) || value.equals(Double.NEGATIVE_INFINITY)
        ? value.toString()
        : value;
  }

  /** What a request's value means; empty where it breaks the rule. */
  public Optional<T> requested(Object raw) {
    return reader.apply(raw);
  }

  /** What a package's value means; empty where it breaks the rule. */
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
