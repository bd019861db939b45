package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.Networks;
import io.darkroom.engine.Tokenizer;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.TextEncoderInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the networks of a package as often as needed. The first time it tests how the network
 * handles timesteps and which tier it satisfies; later it compares the networks' outputs with the
 * first ones. Used by the engine thread only.
 */
public final class PackageOpener implements Callable<Networks> {
  private static final Logger LOG = Logger.getLogger(PackageOpener.class);

  private final ModelPackage pack;
  private final NetworkSettings settings;
  private final Opening opening;
  private @Nullable Map<String, Tokenizer> tokenizers;
  private PackageProver.@Nullable Proof proof;

  public PackageOpener(ModelPackage pack, NetworkSettings settings, Opening opening) {
    this.pack = pack;
    this.settings = settings;
    this.opening = opening;
  }

  /**
   * Returns the open networks, which belong to the calling thread.
   *
   * @throws BrokenPackage if a network cannot be loaded or run; {@link BrokenPackage#inexact()} if
   *     rows depend on one another more than the tier allows, or if a network's output differs from
   *     the known answer
   * @throws DeviceFailure if the device is lost, or has no memory for networks that fitted before
   */
  @Override
  public OrtNetworks call() throws BrokenPackage {
    String name = pack.card().name();
    try {
      return opened();
    } catch (BrokenPackage e) {
      throw e.in(name);
    } catch (DeviceFailure e) {
      throw broken(ModelPackage.network(pack.folder()), e, proof == null).in(name);
    } catch (RunLimit.Exceeded e) {
      throw e.broken().in(name);
    } catch (OutOfMemoryError e) {
      throw broken(e).in(name);
    } catch (RuntimeException | StackOverflowError e) {
      // An error of one package must not affect the others.
      LOG.errorf(e, "internal error while loading a package model=%s", name);
      throw new BrokenPackage(PackageFiles.TOP, "", "cannot be loaded: " + e, e).in(name);
    }
  }

  /**
   * Returns the error of a package for whose first test the heap was too small. Memory of the test
   * is free again.
   */
  private BrokenPackage broken(OutOfMemoryError error) {
    if (proof != null) {
      throw error;
    }
    return new BrokenPackage(
        ModelPackage.network(pack.folder()),
        "",
        "needs more memory than there is: " + error.getMessage(),
        error);
  }

  /**
   * Returns the error of a package whose denoising network failed. A lost device is not the
   * package's error, nor is a lack of memory for networks that fitted before.
   *
   * @throws DeviceFailure the given one, if it is not the package's error
   */
  static BrokenPackage broken(String file, DeviceFailure failure, boolean firstTime) {
    boolean packages =
        switch (failure.kind()) {
          case REFUSED -> true;
          case OUT_OF_MEMORY -> firstTime;
          case LOST -> false;
        };
    if (!packages) {
      throw failure;
    }
    return new BrokenPackage(file, "", "cannot be run: " + RunFailures.details(failure), failure);
  }

  private OrtNetworks opened() throws BrokenPackage {
    long begin = opening.nanoClock().getAsLong();
    MemoryTally tally = new MemoryTally();
    Map<String, Tokenizer> read = tokenizers();
    OpenPackage open = OpenPackage.open(pack, settings);
    boolean kept = false;
    try {
      tally.opened();
      PackageProver.Proof now = proven(open, tally);
      OrtNetworks networks =
          new OrtNetworks(open, read, now, new SplitNetworks(pack, settings, open.denoiser(), now));
      kept = true;
      open.removeLimit();
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

  /** Returns the tokenizers. They outlive the networks, because other threads use them. */
  private Map<String, Tokenizer> tokenizers() throws BrokenPackage {
    Map<String, Tokenizer> read = tokenizers;
    if (read == null) {
      read = new HashMap<>();
      for (TextEncoderInfo encoder : pack.card().textEncoders()) {
        read.put(encoder.component(), LibraryTokenizer.read(pack.folder(), encoder));
      }
      tokenizers = Map.copyOf(read);
    }
    return read;
  }

  private void report(DenoiserLoading loading, PackageProver.Proof now, long nanos) {
    LOG.infof(
        "model loaded model=%s sha256=%s timestep=\"%s\" tier=%s rows=%s lanes=%d answers=%s"
            + " bytes=%d millis=%d profile=\"%s\" proposed=%d",
        pack.card().name(),
        pack.card().sha256(),
        loading.sharedTimestep() ? "shared, a run for each that differs" : "per-row",
        now.device().tier(),
        now.device().rowsPerCall(),
        now.lanes().count(),
        now.findings().answersKnown() ? "known" : "new",
        now.findings().bytes(),
        nanos / 1_000_000,
        now.findings().profile(),
        now.findings().profile().bestRows());
  }
}
