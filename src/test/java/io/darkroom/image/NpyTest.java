package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  private static final int ANY_SIZE = 1 << 20;

  /** numpy.save of [[1.5, -2.25, 3]], numpy 2.4.6. */
  private static final String BY_NUMPY =
      "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a20"
          + "46616c73652c20277368617065273a2028312c2033292c207d"
          + "20".repeat(58)
          + "0a0000c03f000010c000004040";

  @Test
  void filesHaveTheSameBytesAsNumpys() throws Exception {
    byte[] file = HexFormat.of().parseHex(BY_NUMPY);
    Npy read = Npy.read(file, ANY_SIZE);
    assertThat(read.type()).isEqualTo(Npy.Type.FLOAT32);
    assertThat(read.shape()).containsExactly(1, 3);
    assertThat(read.floats()).containsExactly(1.5f, -2.25f, 3);
    assertThat(read.doubles()).containsExactly(1.5, -2.25, 3);
    assertThat(Npy.write(read.floats(), 1, 3)).isEqualTo(file);
  }

  @Property(tries = 100)
  void floatsAreReadBackWithTheSameBits(
      @ForAll @Size(max = 50) float[] values, @ForAll @IntRange(min = 1, max = 3) int axes)
      throws Exception {
    Integer[] shape = new Integer[axes];
    Arrays.fill(shape, 1);
    shape[axes - 1] = values.length;
    Npy read = Npy.read(Npy.of(List.of(shape), values).toBytes(), ANY_SIZE);
    assertThat(read.shape()).containsExactly(shape);
    assertThat(Sha256.of(read.floats())).isEqualTo(Sha256.of(values));
  }

  @Property(tries = 100)
  void doublesAndLongsAreReadBack(@ForAll double[] doubles, @ForAll long[] longs) throws Exception {
    byte[] ofDoubles = Npy.of(List.of(doubles.length), doubles).toBytes();
    byte[] ofLongs = Npy.of(List.of(longs.length), longs).toBytes();
    assertThat(Npy.read(ofDoubles, ANY_SIZE).doubles()).isEqualTo(doubles);
    assertThat(Npy.read(ofLongs, ANY_SIZE).longs()).isEqualTo(longs);
  }

  @Test
  void integersAreReadWithTheirSigns() throws Exception {
    byte[] four = {-1, -1, -1, -1};
    assertThat(Npy.read(file("<i4", "(1,)", four), 1).longs()).containsExactly(-1);
    assertThat(Npy.read(file("<u4", "()", four), 1).longs()).containsExactly(0xffffffffL);
    assertThat(Npy.read(file("|u1", "(2, 2)", four), 4).doubles())
        .containsExactly(255, 255, 255, 255);
  }

  @Test
  void aValueWithoutAxesAndAnEmptyTensorAreTensors() throws Exception {
    assertThat(Npy.read(Npy.write(new float[] {7}), 1).shape()).isEmpty();
    assertThat(Npy.read(Npy.write(new float[0], 0, 3), 0).floats()).isEmpty();
  }

  @Test
  void keysMayHaveAnyOrder() throws Exception {
    String text = "{'shape': (1,), 'descr': '|u1', 'fortran_order': False}";
    assertThat(Npy.read(file(text, new byte[] {5}), 1).longs()).containsExactly(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '>u1', 'fortran_order': False, 'shape': (4,)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<c4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()}x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967297,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999,99999,99999,99999,99999)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': "
            + "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}",
      })
  void anotherHeaderIsMalformed(String text) {
    assertThatThrownBy(() -> Npy.read(file(text, new byte[4]), ANY_SIZE))
        .isInstanceOf(MalformedNpy.class);
  }

  @Test
  void moreElementsThanAllowedAreRefused() {
    byte[] file = Npy.write(new float[5], 5);
    assertThatThrownBy(() -> Npy.read(file, 4))
        .isInstanceOf(MalformedNpy.class)
        .hasMessageContaining("at most 4 elements");
  }

  @Test
  void everyCutIsMalformed() {
    byte[] file = Npy.write(new float[] {1, 2, 3}, 3);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> Npy.read(cut, ANY_SIZE)).isInstanceOf(MalformedNpy.class);
    }
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    assertThatThrownBy(() -> Npy.read(longer, ANY_SIZE)).isInstanceOf(MalformedNpy.class);
  }

  @Property(tries = 500)
  void oneChangedByteIsReadOrMalformed(@ForAll @IntRange(max = 139) int at, @ForAll byte value) {
    byte[] file = Npy.write(new float[] {1, 2, 3}, 3);
    file[at] = value;
    try {
      assertThat(Npy.read(file, ANY_SIZE).size()).isBetween(1, 12);
    } catch (MalformedNpy expected) {
      assertThat(expected).hasMessageStartingWith("NPY");
    }
  }

  /** The file that numpy.save writes of a Fortran array {@code [2, 3, 4]} of big-endian numbers. */
  @ParameterizedTest
  @CsvSource({
    "<f2, 2", ">f2, 2", "<f4, 4", ">f4, 4", "<f8, 8", ">f8, 8", "<i4, 4", ">i4, 4", "<i8, 8",
    ">i8, 8", "<u4, 4", ">u4, 4", "|u1, 1"
  })
  void everyTypeIsReadInBothOrders(String descr, int bytes) throws MalformedNpy {
    int[] sides = {2, 3, 4};
    for (boolean fortran : new boolean[] {false, true}) {
      ByteBuffer elements = ByteBuffer.allocate(24 * bytes);
      elements.order(descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < 24; at++) {
        put(elements, descr.substring(1), fortran ? ofFortran(at, sides) : at);
      }
      String text =
          "{'descr': '%s', 'fortran_order': %s, 'shape': (2, 3, 4)}"
              .formatted(descr, fortran ? "True" : "False");
      Npy npy = Npy.read(file(text, elements.array()), 24);
      assertThat(npy.shape()).containsExactly(2, 3, 4);
      float[] values = npy.floats();
      for (int i = 0; i < 24; i++) {
        assertThat(values[i]).isEqualTo(i + 1);
      }
      assertThat(Npy.read(npy.toBytes(), 24).floats()).isEqualTo(values);
    }
  }

  /** The number in C order of the element at a place in Fortran order. */
  private static int ofFortran(int at, int[] sides) {
    int i = at % sides[0];
    int j = at / sides[0] % sides[1];
    int k = at / sides[0] / sides[1];
    return (i * sides[1] + j) * sides[2] + k;
  }

  private static void put(ByteBuffer out, String type, int index) {
    int value = index + 1;
    switch (type) {
      case "f2" -> out.putShort((short) half(value));
      case "f4" -> out.putFloat(value);
      case "f8" -> out.putDouble(value);
      case "i8" -> out.putLong(value);
      case "u1" -> out.put((byte) value);
      default -> out.putInt(value);
    }
  }

  /** A whole number of at most 11 bits in half precision. */
  private static int half(int value) {
    int exponent = 31 - Integer.numberOfLeadingZeros(value);
    return ((exponent + 15) << 10) | ((value << (10 - exponent)) & 0x3ff);
  }

  @Test
  void halvesAreReadToTheLastBit() throws MalformedNpy {
    int[] bits = {0x0001, 0x03ff, 0x0400, 0x3c00, 0x3555, 0x7bff, 0x8000, 0xc000, 0x7c00, 0xfc00};
    ByteBuffer elements = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int each : bits) {
      elements.putShort((short) each);
    }
    double[] read = Npy.read(file("<f2", "(10,)", elements.array()), 10).doubles();
    double[] expected = {
      0x1p-24,
      1023 * 0x1p-24,
      0x1p-14,
      1,
      1365 * 0x1p-12,
      65504,
      -0.0,
      -2,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    assertThat(read).isEqualTo(expected);
  }

  @Test
  void objectsAreRefusedByTheirHeader() {
    String header = "{'descr': '|O', 'fortran_order': False, 'shape': (2147483647,)}";
    assertThatThrownBy(() -> Npy.read(file(header, new byte[8]), ANY_SIZE))
        .isInstanceOf(MalformedNpy.class)
        .hasMessage("NPY descr: must be one of f2 f4 f8 i8 i4 u4 u1, is |O");
  }

  /** Any header is read or refused, and never needs more memory than the file. */
  @Property(tries = 2000)
  void anyHeaderIsReadOrMalformed(
      @ForAll("descrs") String descr,
      @ForAll boolean fortran,
      @ForAll @Size(max = 5) List<@IntRange(max = 6) Integer> shape,
      @ForAll @IntRange(max = 256) int length) {
    String tuple = shape.stream().map(side -> side + ",").collect(Collectors.joining());
    String text =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s)}"
            .formatted(descr, fortran ? "True" : "False", tuple);
    try {
      Npy npy = Npy.read(file(text, new byte[length]), 100);
      assertThat(npy.size() * npy.type().bytes()).isEqualTo(length);
      assertThat(npy.size()).isLessThanOrEqualTo(100);
      assertThat(npy.shape()).isEqualTo(shape);
      assertThat(npy.doubles()).isEqualTo(new double[npy.size()]);
    } catch (MalformedNpy expected) {
      assertThat(expected).hasMessageStartingWith("NPY");
    }
  }

  @Provide
  Arbitrary<String> descrs() {
    return Arbitraries.of(
        "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<i4", ">i8", "|u1", ">u4", "|O", "<c8", "<U3",
        "", "|", "f4");
  }

  @Test
  void aShapeThatDoesNotFitTheValuesIsABug() {
    assertThatThrownBy(() -> Npy.write(new float[3], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2]");
    assertThatThrownBy(() -> Npy.write(new float[1], -1, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void floatsAreNotReadAsIntegers() {
    assertThatThrownBy(() -> Npy.of(List.of(1), new float[1]).longs())
        .isInstanceOf(IllegalStateException.class);
  }

  private static byte[] file(String descr, String shape, byte[] elements) {
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "}";
    return file(text, elements);
  }

  private static byte[] file(String text, byte[] elements) {
    byte[] header = text.getBytes(StandardCharsets.US_ASCII);
    byte[] file = new byte[10 + header.length + elements.length];
    System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 0, file, 0, 8);
    file[8] = (byte) header.length;
    file[9] = (byte) (header.length >> 8);
    System.arraycopy(header, 0, file, 10, header.length);
    System.arraycopy(elements, 0, file, 10 + header.length, elements.length);
    return file;
  }
}
