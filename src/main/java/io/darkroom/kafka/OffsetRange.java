package io.darkroom.kafka;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of the records of one partition.
 *
 * @param partition number of the partition
 * @param from first offset; empty = the first that the topic still has
 * @param to last offset; empty = the last at the time when the range is opened
 */
public record OffsetRange(int partition, OptionalLong from, OptionalLong to) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{0,18})-(\\d{0,18})");

  public OffsetRange {
    if (from.isPresent() && to.isPresent() && from.getAsLong() > to.getAsLong()) {
      throw new IllegalArgumentException(
          "FROM must be at most TO, is %d-%d".formatted(from.getAsLong(), to.getAsLong()));
    }
  }

  /**
   * Reads {@code PARTITION:FROM-TO}; each offset may be left out.
   *
   * @throws IllegalArgumentException if the text has another form, or FROM is above TO
   */
  public static OffsetRange parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "must be PARTITION:FROM-TO, e.g. 0:1200-1499, 0:1200- or 0:-1499, is " + text);
    }
    return new OffsetRange(
        Integer.parseInt(parts.group(1)), offset(parts.group(2)), offset(parts.group(3)));
  }

  private static OptionalLong offset(String digits) {
    return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  /**
   * Returns whether a partition has the offsets that are given.
   *
   * @param first first offset of the partition
   * @param end offset after its last one
   */
  boolean within(long first, long end) {
    return within(from, first, end) && within(to, first, end);
  }

  private static boolean within(OptionalLong offset, long first, long end) {
    return offset.isEmpty() || (offset.getAsLong() >= first && offset.getAsLong() < end);
  }

  @Override
  public String toString() {
    return partition + ":" + digits(from) + "-" + digits(to);
  }

  private static String digits(OptionalLong offset) {
    return offset.isPresent() ? String.valueOf(offset.getAsLong()) : "";
  }
}
