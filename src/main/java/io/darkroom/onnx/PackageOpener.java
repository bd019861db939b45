package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.Networks;
import io.darkroom.model.BrokenPackage;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the networks of a package, as often as they are needed. The first time it proves how the
 * network takes timesteps and what tier the package keeps; every later time the networks are held
 * to what they gave at the first. Used by the engine thread only.
 */
public final class PackageOpener implements Callable<Networks> {
  private static final Logger LOG = Logger.getLogger(PackageOpener.class);

  private final ModelPackage pack;
  private final NetworkSettings settings;
  private final Opening opening;
  private @Nullable ClipTokenizer tokenizer;
  private PackageProver.@Nullable Proof proof;

  public PackageOpener(ModelPackage pack, NetworkSettings settings, Opening opening) {
    this.pack = pack;
    this.settings = settings;
    this.opening = opening;
  }

  /**
   * The open networks, which belong to the calling thread.
   *
   * @throws BrokenPackage where a network cannot be loaded or run; {@link BrokenPackage#inexact()}
   *     where rows depend on one another more than the tier allows, or where a network gives
   *     another answer than the one that is known
   * @throws DeviceFailure where the device is lost, or has no memory for networks that it had room
   *     for before
   */
  @Override
  public OrtNetworks call() throws BrokenPackage {
    String name = pack.card().name();
    try {
      return opened();
    } catch (BrokenPackage e) {
      throw e.in(name);
    } catch (DeviceFailure e) {
      throw broken(e, proof == null).in(name);
    } catch (RunLimit.Exceeded e) {
      throw e.broken().in(name);
    } catch (OutOfMemoryError e) {
      throw broken(e).in(name);
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever one package does, the others are served.
      LOG.errorf(e, "internal error while loading a package model=%s", name);
      throw new BrokenPackage(PackageFiles.TOP, "", "cannot be loaded: " + e, e).in(name);
    }
  }

  /**
   * An error of the package, where the heap was too small for its first test: what the test had
   * allocated is free again.
   */
  private BrokenPackage broken(OutOfMemoryError error) {
    if (proof != null) {
      throw error;
    }
    return new BrokenPackage(
        ModelPackage.UNET, "", "needs more memory than there is: " + error.getMessage(), error);
  }

  /**
   * The error of the package. A lost device is none, nor is a lack of memory for networks that had
   * room before.
   *
   * @throws DeviceFailure the given one, where it is no error of the package
   */
  static BrokenPackage broken(DeviceFailure failure, boolean firstTime) {
    boolean packages =
        switch (failure.kind()) {
          case REFUSED -> true;
          case OUT_OF_MEMORY -> firstTime;
          case LOST -> false;
        };
    if (!packages) {
      throw failure;
    }
    return new BrokenPackage(
        ModelPackage.UNET, "", "cannot be run: " + RunFailures.details(failure), failure);
  }

  private OrtNetworks opened() throws BrokenPackage {
    long begin = opening.nanoClock().getAsLong();
    MemoryTally tally = new MemoryTally();
    OpenPackage open = OpenPackage.open(pack, tokenizer(), settings);
    boolean kept = false;
    try {
      tally.opened();
      PackageProver.Proof now = proven(open, tally);
      OrtNetworks networks = new OrtNetworks(pack.card(), open, now);
      kept = true;
      open.proven();
      proof = now;
      report(open.denoiser(), now, opening.nanoClock().getAsLong() - begin);
      return networks;
    } finally {
      if (!kept) {
        open.close();
      }
    }
  }

  private PackageProver.Proof proven(OpenPackage open, MemoryTally tally) throws BrokenPackage {
    PackageProver prover = new PackageProver(pack, settings, opening);
    PackageProver.Proof first = proof;
    if (first == null) {
      return prover.prove(open, tally);
    }
    prover.proveAgain(open, first);
    return first;
  }

  /** It outlives the networks, since other threads use it. */
  private Optional<ClipTokenizer> tokenizer() throws BrokenPackage {
    if (tokenizer == null && pack.card().tokens().isPresent()) {
      tokenizer = ClipTokenizer.read(pack.folder(), pack.card().tokens().getAsInt());
    }
    return Optional.ofNullable(tokenizer);
  }

  private void report(DenoiserLoading loading, PackageProver.Proof now, long nanos) {
    LOG.infof(
        "model loaded model=%s sha256=%s timestep=\"%s\" tier=%s rows=%s answers=%s bytes=%d millis=%d"
            + " profile=\"%s\" proposed=%d",
        pack.card().name(),
        pack.card().sha256(),
        loading.sharedTimestep() ? "shared, a run for each that differs" : "per-row",
        now.device().tier(),
        now.device().rowsPerCall(),
        now.findings().answersKnown() ? "known" : "new",
        now.findings().bytes(),
        nanos / 1_000_000,
        now.findings().profile(),
        now.findings().profile().bestRows());
  }
}
