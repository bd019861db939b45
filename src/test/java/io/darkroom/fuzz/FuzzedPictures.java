package io.darkroom.fuzz;

import io.darkroom.image.JpegWriter;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Generates source pictures: valid, cut off, with changed bytes, with wrong headers, and bombs. */
public final class FuzzedPictures {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final int[] SIDES = {0, 1, 7, 64, 256, 512, 3000, 4096, 30_000, 1 << 30, -1};

  private final Random random;

  public FuzzedPictures(Random random) {
    this.random = random;
  }

  /** A file. */
  public byte[] next() {
    return switch (random.nextInt(6)) {
      case 0 -> sound();
      case 1, 2 -> Mutations.damage(sound(), random);
      case 3 -> jpegOfAnotherSize();
      default -> pngOfSomeSize();
    };
  }

  private byte[] sound() {
    int width = 1 + random.nextInt(80);
    int height = 1 + random.nextInt(80);
    byte[] samples = new byte[width * height * 3];
    random.nextBytes(samples);
    Pixels pixels = new Pixels(width, height, 3, samples);
    return random.nextBoolean()
        ? PngWriter.write(pixels, List.of(), 1)
        : JpegWriter.write(pixels, List.of(), 1 + random.nextInt(100));
  }

  /** The frame header (SOF0) has a wrong size. */
  private byte[] jpegOfAnotherSize() {
    byte[] file = JpegWriter.write(new Pixels(16, 16, 3, new byte[768]), List.of(), 80);
    for (int i = 0; i + 9 < file.length; i++) {
      if (file[i] == (byte) 0xFF && file[i + 1] == (byte) 0xC0) {
        ByteBuffer.wrap(file).putShort(i + 5, (short) side()).putShort(i + 7, (short) side());
      }
    }
    return file;
  }

  /** Valid checksums for any header, with zeros as pixels, in the right or a wrong number. */
  private byte[] pngOfSomeSize() {
    int width = side();
    int height = side();
    boolean usual = random.nextBoolean();
    byte depth = usual ? 8 : (byte) (1 << random.nextInt(6));
    byte color = usual ? 2 : (byte) random.nextInt(8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    byte[] rest = {depth, color, 0, 0, (byte) (usual ? 0 : random.nextInt(3))};
    chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(rest).array());
    if (random.nextInt(4) == 0) {
      chunk(file, "iCCP", new byte[random.nextInt(1000)]);
    }
    chunk(file, "IDAT", zeros((long) width * height));
    chunk(file, "IEND", new byte[0]);
    return random.nextInt(4) == 0
        ? Mutations.damage(file.toByteArray(), random)
        : file.toByteArray();
  }

  private int side() {
    return SIDES[random.nextInt(SIDES.length)];
  }

  private byte[] zeros(long pixels) {
    long most = 40_000_000;
    long wanted = random.nextInt(3) == 0 ? most : Math.max(0, Math.min(most, pixels * 4));
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 16];
    try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, new Deflater(1))) {
      for (long written = 0; written < wanted; written += block.length) {
        out.write(block);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return deflated.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] content) {
    byte[] named = Arrays.copyOf(type.getBytes(StandardCharsets.US_ASCII), 4 + content.length);
    System.arraycopy(content, 0, named, 4, content.length);
    CRC32 crc = new CRC32();
    crc.update(named);
    file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    file.writeBytes(named);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
