package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors that requests give. */
class TensorFileTest {
  private static final int MOST = 1000;

  /** A file of the numbers 0 to 5 of the shape [1, 2, 3]. */
  private static byte[] file(String descr, boolean fortran) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (1, 2, 3), }\n"
            .formatted(descr, fortran ? "True" : "False");
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out =
        ByteBuffer.allocate(NpyHeader.PREFIX + text.length + 48).order(ByteOrder.LITTLE_ENDIAN);
    out.put(NpyHeader.MAGIC).putShort((short) text.length).put(text);
    out.order(descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      int value = fortran ? i % 2 * 3 + i / 2 : i;
      switch (descr.substring(1)) {
        case "f2" -> out.putShort((short) (value == 0 ? 0 : half(value)));
        case "f4" -> out.putFloat(value);
        case "f8" -> out.putDouble(value);
        case "i4" -> out.putInt(value);
        default -> out.putLong(value);
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The bits of a whole number from 1 to 2047 as float16. */
  private static int half(int value) {
    int exponent = 31 - Integer.numberOfLeadingZeros(value);
    return ((exponent + 15) << 10) | ((value << (10 - exponent)) & 0x3ff);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f2", "f4", "f8", "i4", "i8"})
  void numbersOfEachTypeAndOrderAreRead(String type) throws Exception {
    for (String order : List.of("<", ">")) {
      for (boolean fortran : new boolean[] {false, true}) {
        byte[] file = file(order + type, fortran);
        byte[] beginning = Arrays.copyOf(file, file.length - 7);
        TensorFile facts = TensorFile.of(beginning, file.length, MOST);
        assertThat(facts.shape()).containsExactly(1, 2, 3);
        assertThat(facts.readingBytes()).isGreaterThanOrEqualTo(file.length + 24L);
        assertThat(TensorFile.floats(file, MOST)).containsExactly(0, 1, 2, 3, 4, 5);
      }
    }
  }

  @Test
  void objectsAndOtherTypesAreRefused() {
    for (String descr : List.of("|O", "<c8", "<U4", "|b1")) {
      byte[] other = file("<f4", false);
      byte[] padded = (descr + "'   ").substring(0, 4).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(padded, 0, other, NpyHeader.PREFIX + 11, padded.length);
      assertThatThrownBy(() -> TensorFile.of(other, other.length, MOST))
          .isInstanceOf(MalformedNpy.class)
          .hasMessageEndingWith(", is " + descr);
    }
  }

  @Test
  void theHeaderBoundsTheElementsBeforeTheyAreRead() {
    byte[] header =
        new String(file("<f4", false), StandardCharsets.ISO_8859_1)
            .replace("(1, 2, 3)", "(99999999,)")
            .getBytes(StandardCharsets.ISO_8859_1);
    header[8] = (byte) (header[8] + 2);
    assertThatThrownBy(() -> TensorFile.of(header, 400_000_000L, MOST))
        .hasMessage("NPY: must have at most 1000 elements, has shape [99999999]");
  }

  @Test
  void aFileThatIsLongerOrShorterThanItsHeaderSaysIsRefused() {
    byte[] file = file("<f4", false);
    for (long length : new long[] {file.length - 1L, file.length + 4L}) {
      assertThatThrownBy(() -> TensorFile.of(file, length, MOST))
          .hasMessageContaining("does not fit");
    }
  }

  @Test
  void numbersThatNoFloatHasAreRefused() {
    byte[] notFinite = Npy.write(new float[] {1, Float.NaN}, 1, 2);
    assertThatThrownBy(() -> TensorFile.floats(notFinite, MOST))
        .hasMessage("NPY: must have finite numbers, element 1 is NaN");
    byte[] large = Npy.of(List.of(1), new long[] {(1L << 24) + 2}).toBytes();
    assertThatThrownBy(() -> TensorFile.floats(large, MOST))
        .hasMessage("NPY: integers must be at most 2^24, element 0 is 16777218");
    for (long odd : new long[] {(1L << 24) + 1, -(1L << 24) - 1, Long.MIN_VALUE}) {
      byte[] rounded = Npy.of(List.of(1), new long[] {odd}).toBytes();
      assertThatThrownBy(() -> TensorFile.floats(rounded, MOST))
          .hasMessage("NPY: integers must be at most 2^24, element 0 is " + odd);
    }
  }

  @Test
  void theLargestIntegersAreRead() throws Exception {
    byte[] largest = Npy.of(List.of(2), new long[] {1 << 24, -(1 << 24)}).toBytes();
    assertThat(TensorFile.floats(largest, MOST)).containsExactly(1 << 24, -(1 << 24));
  }

  @Property(tries = 2000)
  void damagedFilesAreReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] file = file(random.nextBoolean() ? "<f4" : ">i8", random.nextBoolean());
    for (int i = random.nextInt(6); i >= 0; i--) {
      file[random.nextInt(file.length)] = (byte) random.nextInt(256);
    }
    byte[] cut =
        Arrays.copyOf(file, random.nextInt(3) == 0 ? random.nextInt(file.length) : file.length);
    try {
      TensorFile facts = TensorFile.of(cut, cut.length, MOST);
      long elements =
          facts.shape().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
      assertThat(elements).isBetween(1L, (long) MOST);
      assertThat(TensorFile.floats(cut, MOST)).hasSize((int) elements);
    } catch (MalformedNpy refused) {
      assertThat(refused).hasMessageStartingWith("NPY");
    }
  }
}
