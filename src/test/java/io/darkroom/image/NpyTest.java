package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  void filesAreThoseOfNumpyByteForByte() throws Exception {
    byte[] file = HexFormat.of().parseHex(BY_NUMPY);
    Npy read = Npy.read(file, ANY_SIZE);
    assertThat(read.type()).isEqualTo(Npy.Type.FLOAT32);
    assertThat(read.shape()).containsExactly(1, 3);
    assertThat(read.floats()).containsExactly(1.5f, -2.25f, 3);
    assertThat(read.doubles()).containsExactly(1.5, -2.25, 3);
    assertThat(Npy.write(read.floats(), 1, 3)).isEqualTo(file);
  }

  @Property(tries = 100)
  void floatsComeBackInTheSameBits(
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
  void doublesAndLongsComeBack(@ForAll double[] doubles, @ForAll long[] longs) throws Exception {
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
  void keysMayStandInAnyOrder() throws Exception {
    String text = "{'shape': (1,), 'descr': '|u1', 'fortran_order': False}";
    assertThat(Npy.read(file(text, new byte[] {5}), 1).longs()).containsExactly(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}",
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

  @Test
  void aShapeThatDoesNotFitTheValuesIsABug() {
    assertThatThrownBy(() -> Npy.write(new float[3], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2]");
    assertThatThrownBy(() -> Npy.write(new float[1], -1, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void floatsAreNoIntegers() {
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
