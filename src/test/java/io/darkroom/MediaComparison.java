package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.StageOutcome;
import io.darkroom.image.DeepPngReader;
import io.darkroom.image.Frames;
import io.darkroom.image.Npy;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Compares results that are no decoded pictures with a golden: sample, result and files, within the
 * golden's tolerances.
 *
 * @param samples expected samples of the batch
 * @param results expected results of the batch
 */
@SuppressWarnings("ArrayRecordComponent") // of one test, never compared
record MediaComparison(PipelineGolden golden, ModelCard card, float[] samples, float[] results) {
  private static final int WAV_HEADER = 44;
  private static final int NPY_PREFIX = 10;
  private static final int MOST = 1 << 22;

  static MediaComparison of(PipelineGolden golden, ModelCard card) throws Exception {
    return new MediaComparison(
        golden, card, numbers(golden, "sample.npy"), numbers(golden, "result.npy"));
  }

  /** Compares one image of the batch. */
  void check(int index, StageOutcome.Picture made) throws Exception {
    assertThat(Samples.worst(made.sample().values(), row(samples, index)))
        .as("sample %d", index)
        .isLessThanOrEqualTo(golden.tolerance("sample_abs"));
    Tensor result = made.pixels();
    float[] expected = row(results, index);
    switch (card.medium().kind()) {
      case SOUND -> {
        checkChannels(index, bounded(result.values()), expected);
        checkSound(index, result);
      }
      case PICTURE -> {
        int channels = result.shape().channels();
        checkChannels(index, Samples.unit(result.values()), Samples.planar(expected, channels));
        checkPicture(index, result);
      }
      case FILM -> checkFilm(index, result, expected);
      case UINT16 -> {
        checkIntegers(result.values(), expected, "result_u16", 2);
        checkDeepPicture(index, expected);
      }
      case TENSOR -> checkChannels(index, result.values(), expected);
    }
  }

  private void checkChannels(int index, float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double[] worst = new double[card.pictureChannels()];
    int stride = card.network().layout().stride(card.sampleOf(card.standardSize()));
    boolean last = card.network().layout().channelAxis() > 0;
    int each = last ? stride : actual.length / worst.length;
    for (int i = 0; i < actual.length; i++) {
      int channel = i / each % worst.length;
      worst[channel] = Math.max(worst[channel], Math.abs((double) actual[i] - expected[i]));
    }
    for (int c = 0; c < worst.length; c++) {
      assertThat(worst[c])
          .as("result %d, channel %d", index, c)
          .isLessThanOrEqualTo(golden.tolerance(c));
    }
  }

  /** Compares integers; a share of them may differ by more than a number. */
  private void checkIntegers(float[] actual, float[] expected, String name, int more) {
    assertThat(Samples.worst(actual, expected))
        .as(name)
        .isLessThanOrEqualTo(golden.tolerance(name));
    int apart = 0;
    for (int i = 0; i < actual.length; i++) {
      apart += Math.abs(actual[i] - expected[i]) > more ? 1 : 0;
    }
    String share =
        name + (more == 0 ? "_differing" : "_differing_by_more_than_" + more) + "_fraction";
    assertThat(golden.hasTolerance(share)).as(share).isTrue();
    assertThat((double) apart / actual.length)
        .as(share)
        .isLessThanOrEqualTo(golden.tolerance(share));
  }

  private void checkPicture(int index, Tensor picture) throws Exception {
    Pixels expected = picture("image" + golden.numbered(index) + ".png");
    int channels = picture.shape().channels();
    Pixels actual =
        Pixels.ofTensor(
            picture.values(), channels, picture.shape().height(), picture.shape().width());
    byte[] grey = channels == 1 ? expected.toGrey().toBytes() : expected.toBytes();
    checkIntegers(unsigned(actual.toBytes()), unsigned(grey), "image_u8", 0);
  }

  private void checkFilm(int index, Tensor film, float[] expected) throws Exception {
    List<Pixels> frames = Frames.of(film.values(), film.shape().sizes());
    float[] all = new float[expected.length];
    int size = expected.length / frames.size();
    for (int f = 0; f < frames.size(); f++) {
      System.arraycopy(unsigned(frames.get(f).toBytes()), 0, all, f * size, size);
      Pixels file = picture("frame" + golden.numbered(index) + "-" + f + ".png");
      assertThat(unsigned(file.toBytes()))
          .as("frame %d of result.npy and its file", f)
          .isEqualTo(Arrays.copyOfRange(expected, f * size, (f + 1) * size));
    }
    checkIntegers(all, expected, "result_u8", 0);
  }

  private void checkDeepPicture(int index, float[] expected) throws Exception {
    byte[] file =
        Files.readAllBytes(golden.folder().resolve("image" + golden.numbered(index) + ".png"));
    assertThat(DeepPngReader.read(file, MOST).orElseThrow()).isEqualTo(expected);
  }

  private Pixels picture(String name) throws Exception {
    return new PictureReader(MOST, MOST).read(Files.readAllBytes(golden.folder().resolve(name)));
  }

  private void checkSound(int index, Tensor sound) throws Exception {
    byte[] file =
        OutputFormats.find("wav")
            .orElseThrow()
            .encode(
                new OutputFormat.Result(
                    sound.values(),
                    sound.shape().sizes(),
                    card.medium(),
                    List.of(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    1))
            .bytes();
    byte[] bytes =
        Files.readAllBytes(golden.folder().resolve("audio" + golden.numbered(index) + ".wav"));
    assertThat(Arrays.copyOf(file, WAV_HEADER)).isEqualTo(Arrays.copyOf(bytes, WAV_HEADER));
    checkIntegers(samples(file), samples(bytes), "pcm16", 1);
  }

  private static float[] samples(byte[] wav) {
    ByteBuffer in = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    float[] samples = new float[(wav.length - WAV_HEADER) / Short.BYTES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = in.getShort(WAV_HEADER + i * Short.BYTES);
    }
    return samples;
  }

  /** Reads numbers, including those of 16 unsigned bits. */
  private static float[] numbers(PipelineGolden golden, String name) throws Exception {
    byte[] file = Files.readAllBytes(golden.folder().resolve(name));
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = NPY_PREFIX + in.getShort(NPY_PREFIX - Short.BYTES);
    if (!new String(file, 0, header, StandardCharsets.ISO_8859_1).contains("'<u2'")) {
      return Npy.read(file, MOST).floats();
    }
    float[] values = new float[(file.length - header) / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getShort(header + i * Short.BYTES) & 0xffff;
    }
    return values;
  }

  private float[] row(float[] batch, int index) {
    return Samples.row(batch, index, golden.images());
  }

  private static float[] unsigned(byte[] bytes) {
    float[] values = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return values;
  }

  private static float[] bounded(float[] values) {
    float[] bounded = new float[values.length];
    for (int i = 0; i < bounded.length; i++) {
      bounded[i] = Math.min(1, Math.max(-1, values[i]));
    }
    return bounded;
  }
}
