package io.darkroom.onnx;

import io.darkroom.diffusion.Guidance;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.Shape;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A denoising network on ONNX Runtime. The most recently released calls are kept for the next
 * request of their shapes, up to limits of number and size; they are dropped if memory is needed
 * for a new one. Engine thread only.
 */
final class OrtDenoiser implements Denoiser, AutoCloseable {
  /** Maximum number of released calls. */
  private static final int IDLE = 16;

  /** Maximum bytes of their buffers, and at most a share of the process's limit. */
  private static final long IDLE_BYTES = 1L << 28;

  private static final int SHARE = 8;

  /**
   * Maximum elements of a call's input: above it one row keeps the device busy, and more rows only
   * need memory.
   */
  private static final int ELEMENTS = 1 << 22;

  private final Session session;
  private final DenoiserSignature signature;
  private final boolean sharedTimestep;
  private final Optional<DeepFeature> split;
  private final BatchSizes rows;
  private final Lanes lanes;
  private final Map<Sizes, OrtCall> used = new HashMap<>();
  private final Map<Sizes, OrtCall> idle = new LinkedHashMap<>();

  /** Creates the denoiser of a whole network. */
  OrtDenoiser(
      Session session,
      DenoiserSignature signature,
      boolean sharedTimestep,
      BatchSizes rows,
      Lanes lanes) {
    this(session, signature, sharedTimestep, Optional.empty(), rows, lanes);
  }

  /**
   * @param sharedTimestep whether all rows of a run have one timestep
   * @param split deep feature of a part of a split network; empty for a whole network
   * @param rows allowed rows of runs; others are padded
   * @param lanes lanes over which the rows of a call are split
   */
  OrtDenoiser(
      Session session,
      DenoiserSignature signature,
      boolean sharedTimestep,
      Optional<DeepFeature> split,
      BatchSizes rows,
      Lanes lanes) {
    this.session = session;
    this.signature = signature;
    this.sharedTimestep = sharedTimestep;
    this.split = split;
    this.rows = rows;
    this.lanes = lanes;
  }

  @Override
  public int mostRows() {
    return Math.max(rows.most(), forAllLanes());
  }

  @Override
  public int rowsOfCall(int used) {
    return rows.total(used, lanes.count());
  }

  @Override
  public Call call(Shape sample) {
    return call(sample, 0);
  }

  @Override
  public Call call(Shape sample, int tokens) {
    session.checkThread();
    Sizes sizes = new Sizes(sample, tokens);
    OrtCall call = used.get(sizes);
    if (call == null) {
      call = idle.remove(sizes);
      if (call == null) {
        checkSides(sample);
        call = created(sizes);
      }
      used.put(sizes, call);
    }
    return call;
  }

  @Override
  public void release(Shape sample) {
    release(sample, 0);
  }

  @Override
  public void release(Shape sample, int tokens) {
    Sizes sizes = new Sizes(sample, tokens);
    OrtCall call = used.remove(sizes);
    if (call != null) {
      call.forget();
      idle.put(sizes, call);
      keep(IDLE, Math.min(IDLE_BYTES, Runtime.getRuntime().maxMemory() / SHARE));
    }
  }

  /** Closes the tensors of every call; the session stays open. */
  @Override
  public void close() {
    keep(0, 0);
    used.values().forEach(OrtCall::close);
    used.clear();
  }

  /** Drops the released calls, oldest first, down to the given limits. */
  private void keep(int most, long bytes) {
    long taken = idle.values().stream().mapToLong(OrtCall::memory).sum();
    Iterator<OrtCall> oldest = idle.values().iterator();
    while (idle.size() > most || taken > bytes) {
      OrtCall call = oldest.next();
      taken -= call.memory();
      call.close();
      oldest.remove();
    }
  }

  private OrtCall created(Sizes sizes) {
    try {
      return create(sizes);
    } catch (DeviceFailure failure) {
      if (failure.kind() != DeviceFailure.Kind.OUT_OF_MEMORY || idle.isEmpty()) {
        throw failure;
      }
      keep(0, 0);
      return create(sizes);
    }
  }

  private OrtCall create(Sizes sizes) {
    Shape shape = sizes.sample();
    int most = mostRows(shape);
    Batch batch = batch(sizes, batchRows(most));
    if (!sharedTimestep) {
      return new PerRowCall(batch, shape.size(), most, rows, lanes);
    }
    List<Batch> groups = new ArrayList<>();
    for (int lane = 0; lane < lanes.count(); lane++) {
      groups.add(batch(sizes, rows.part(most, lanes.count())));
    }
    return new GroupedCall(batch, groups, shape.size(), most, rows, lanes);
  }

  /** Returns the maximum rows of a call for samples of a shape. */
  private int mostRows(Shape shape) {
    long elements = Arrays.stream(signature.inputRow(shape)).reduce(1, Math::multiplyExact);
    int room = (int) Math.min(mostRows(), ELEMENTS / elements);
    int most = Math.max(rows.within(Math.min(rows.most(), room)), Math.min(forAllLanes(), room));
    // Even if memory is short, an image with guidance must fit.
    return Math.max(most, Guidance.MOST_ROWS);
  }

  /** Returns the fewest rows for which every lane has a run. */
  private int forAllLanes() {
    return rows.fewest() * lanes.count();
  }

  /** Returns the maximum rows, including padding, of calls with up to {@code most} rows. */
  private int batchRows(int most) {
    return IntStream.rangeClosed(1, most)
        .map(used -> rows.total(used, lanes.count()))
        .max()
        .orElseThrow();
  }

  private Batch batch(Sizes sizes, int most) {
    return new Batch(
        session,
        signature.of(sizes.sample(), sizes.tokens()),
        sizes.sample(),
        most,
        sharedTimestep,
        split);
  }

  private void checkSides(Shape shape) {
    TensorInfo sample = signature.sample();
    long[] row = signature.inputRow(shape);
    for (int axis = 0; axis < row.length; axis++) {
      long fixed = sample.size(axis + 1);
      if (fixed > 0 && fixed != row[axis]) {
        throw DeviceFailure.refused("sample: must be " + sample + ", is " + shape);
      }
    }
  }

  /**
   * The sizes that determine a call's buffers.
   *
   * @param tokens tokens of inputs whose size the network leaves open
   */
  private record Sizes(Shape sample, int tokens) {}
}
