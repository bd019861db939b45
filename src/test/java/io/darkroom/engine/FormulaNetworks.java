package io.darkroom.engine;

import io.darkroom.image.Medium;
import io.darkroom.job.Fingerprint;
import io.darkroom.model.Condition;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Profile;
import io.darkroom.model.Shape;
import io.darkroom.model.SkipFeature;
import io.darkroom.model.Space;
import io.darkroom.model.condition.ClassLabel;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A class-conditional pixel model whose network is a formula: smooth in the sample, the timestep
 * and the label, so that every mistake in a row's inputs changes its output. The label {@link
 * #BROKEN} gives NaN, {@link #TOO_LARGE} runs out of memory, and {@link #REFUSED} is refused.
 */
public final class FormulaNetworks implements Networks {
  public static final int BROKEN = 8;
  public static final int TOO_LARGE = 9;
  public static final int REFUSED = 10;
  static final int NULL_LABEL = 7;
  private static final int MOST_ROWS = 8;

  private final ModelCard card;
  private final int fewestRows;
  private final long bytes;
  private int roomForRows = MOST_ROWS;
  private boolean lost;
  private Optional<LatentCodec> codec = Optional.empty();
  private final Set<Shape> used = new HashSet<>();
  private boolean closed;
  private int calls;
  private final Map<Pass.Kind, Integer> callsByKind = new EnumMap<>(Pass.Kind.class);
  private int mostRowsRun;

  public FormulaNetworks(String name, int fewestRows) {
    this(name, fewestRows, 0);
  }

  /** Creates networks that need this amount of memory. */
  FormulaNetworks(String name, int fewestRows, long bytes) {
    this.card = card(name);
    this.fewestRows = fewestRows;
    this.bytes = bytes;
  }

  static ModelCard card(String name) {
    Condition classes = ClassLabel.of(Map.of("one", 1, "two", 2), 10, OptionalInt.of(NULL_LABEL));
    return new ModelCard(
        name,
        "0".repeat(64),
        Map.of("unet", "1".repeat(64)),
        new ModelCard.Network(3, 3, 3, 8, 8, 2, true, true),
        List.of(classes),
        Space.PIXELS,
        Medium.PICTURE,
        Map.of(
            "_class_name",
            "DDIMScheduler",
            "beta_schedule",
            "scaled_linear",
            "beta_start",
            0.00085,
            "beta_end",
            0.012,
            "clip_sample",
            false,
            "prediction_type",
            "v_prediction"),
        "2".repeat(64),
        new ModelCard.Defaults(OptionalInt.of(5), OptionalDouble.of(2), OptionalDouble.empty()),
        List.of(new SkipFeature(3, List.of(1, 1))));
  }

  int calls() {
    return calls;
  }

  /** Limits the rows of a call from now on; more rows run out of memory. */
  void roomForRows(int rows) {
    roomForRows = rows;
    mostRowsRun = 0;
  }

  /** Decodes samples from now on. */
  void decodeWith(LatentCodec decoder) {
    codec = Optional.of(decoder);
  }

  /** Makes the device fail from now on. */
  void lose() {
    lost = true;
  }

  /** Returns the maximum rows of a call since then. */
  int mostRowsRun() {
    return mostRowsRun;
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Denoiser denoiser() {
    return new FormulaDenoiser(Pass.Kind.WHOLE);
  }

  @Override
  public Denoiser denoiser(String adapter, Pass pass) {
    return new FormulaDenoiser(pass.kind());
  }

  /** Returns the runs of the network that were full or shallow. */
  int calls(Pass.Kind kind) {
    return callsByKind.getOrDefault(kind, 0);
  }

  @Override
  public Optional<LatentCodec> latentCodec() {
    return codec;
  }

  @Override
  public Fingerprint.Device device() {
    return new Fingerprint.Device(
        "none", "formula", Map.of(), "java", "", 1, "float32", "none", "exact", "1-8");
  }

  @Override
  public Findings findings() {
    return new Findings(
        Map.of(), false, new Findings.Memory(bytes, bytes / 2, 3 * 8 * 8), Profile.NONE);
  }

  /** Returns the shapes whose calls are not released. */
  Set<Shape> used() {
    return used;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  private final class FormulaDenoiser implements Denoiser {
    private final Pass.Kind kind;

    FormulaDenoiser(Pass.Kind kind) {
      this.kind = kind;
    }

    @Override
    public int mostRows() {
      return MOST_ROWS;
    }

    @Override
    public int rowsOfCall(int used) {
      return Math.max(used, fewestRows);
    }

    @Override
    public void release(Shape sample) {
      used.remove(sample);
    }

    @Override
    public Call call(Shape sample) {
      used.add(sample);
      return new FormulaCall(sample.size(), kind);
    }
  }

  /** The deep feature of a split network. */
  static float deep(double timestep, long label, int i) {
    return (float) (-0.1 * label + 1e-4 * timestep * StrictMath.sin((double) (i + label)));
  }

  /** The shallow part of a split network. */
  static float shallow(float x, float feature) {
    return 0.6f * x + feature;
  }

  private final class FormulaCall implements Denoiser.Call {
    private final int size;
    private final FloatBuffer samples;
    private final double[] timesteps = new double[MOST_ROWS];
    private final long[] labels = new long[MOST_ROWS];
    private final float[] outputs;
    private final float[] features;
    private final Pass.Kind kind;

    FormulaCall(int size, Pass.Kind kind) {
      this.size = size;
      this.kind = kind;
      this.features = new float[size * MOST_ROWS];
      this.samples = FloatBuffer.allocate(size * MOST_ROWS);
      this.outputs = new float[size * MOST_ROWS];
    }

    @Override
    public int mostRows() {
      return MOST_ROWS;
    }

    @Override
    public FloatBuffer sample(int row) {
      return samples.position(row * size);
    }

    @Override
    public void timestep(int row, double timestep) {
      timesteps[row] = timestep;
    }

    @Override
    public void condition(int row, Conditioning conditioning) {
      labels[row] = conditioning.integers().get("class_labels");
    }

    @Override
    public void run(int rows) {
      if (closed) {
        throw new IllegalStateException("closed networks are run");
      }
      calls++;
      callsByKind.merge(kind, 1, Integer::sum);
      if (lost) {
        throw new DeviceFailure(DeviceFailure.Kind.LOST, "gone", null);
      }
      if (rows > roomForRows) {
        throw outOfMemory("room for " + roomForRows + " rows");
      }
      mostRowsRun = Math.max(mostRowsRun, rows);
      for (int row = 0; row < rows; row++) {
        if (labels[row] == REFUSED) {
          throw DeviceFailure.refused("label " + REFUSED);
        }
        if (labels[row] == TOO_LARGE) {
          throw outOfMemory("too large");
        }
        for (int i = row * size; i < (row + 1) * size; i++) {
          if (kind == Pass.Kind.WHOLE) {
            outputs[i] = output(samples.get(i), timesteps[row], labels[row], i - row * size);
            continue;
          }
          if (kind == Pass.Kind.FULL) {
            features[i] = deep(timesteps[row], labels[row], i - row * size);
          }
          outputs[i] = shallow(samples.get(i), features[i]);
        }
      }
    }

    private static DeviceFailure outOfMemory(String message) {
      return new DeviceFailure(
          DeviceFailure.Kind.OUT_OF_MEMORY, message, new IllegalStateException());
    }

    private float output(float x, double timestep, long label, int i) {
      if (label == BROKEN) {
        return Float.NaN;
      }
      return (float)
          (0.6 * x - 0.1 * label + 1e-4 * timestep * StrictMath.sin((double) (i + label)));
    }

    @Override
    public int featureSize() {
      return kind == Pass.Kind.WHOLE ? 0 : size;
    }

    @Override
    public boolean readsFeature() {
      return kind == Pass.Kind.SHALLOW;
    }

    @Override
    public void feature(int row, float[] out) {
      System.arraycopy(features, row * size, out, 0, size);
    }

    @Override
    public void setFeature(int row, float[] feature) {
      System.arraycopy(feature, 0, features, row * size, size);
    }

    @Override
    public void output(int row, float[] out) {
      System.arraycopy(outputs, row * size, out, 0, size);
    }

    @Override
    public int outputSize() {
      return size;
    }
  }
}
