package io.darkroom.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The commit record of a render, stored together with its outputs and published in the completed
 * event. A request is completed if and only if its manifest exists.
 *
 * @param requestId the request's id
 * @param requestSha256 digest of the canonical request
 * @param request the effective request as JSON values, with all defaults
 * @param outputs one per picture
 * @param inputs the files that were read
 * @param stages one per pass of a network, in order
 * @param timings milliseconds per phase
 * @param steps total steps of the schedules of all stages
 * @param modelEvaluations number of rows of the denoising network for this request
 * @param attempts number of deliveries of the request to a worker, up to this outcome, without
 *     those that a worker returned without an outcome
 * @param warnings for users of the result, e.g. that a prompt was truncated
 * @param metadata the request's metadata, unchanged
 * @param attestation signed statement about outputs, request and fingerprints, if the worker has a
 *     key
 */
public record Manifest(
    String requestId,
    String requestSha256,
    Map<String, Object> request,
    List<OutputFile> outputs,
    List<InputFile> inputs,
    List<RenderedStage> stages,
    Timings timings,
    int steps,
    long modelEvaluations,
    int attempts,
    List<String> warnings,
    Map<String, Object> metadata,
    Optional<Attestation> attestation) {

  public Manifest {
    outputs = List.copyOf(outputs);
    inputs = List.copyOf(inputs);
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
  }

  /** Returns a copy with a signature. */
  public Manifest withAttestation(Attestation signed) {
    return new Manifest(
        requestId,
        requestSha256,
        request,
        outputs,
        inputs,
        stages,
        timings,
        steps,
        modelEvaluations,
        attempts,
        warnings,
        metadata,
        Optional.of(signed));
  }

  /** Returns all files of the request: the outputs, then those of earlier stages. */
  public List<OutputFile> files() {
    return Stream.concat(
            outputs.stream(), stages.stream().flatMap(stage -> stage.outputs().stream()))
        .toList();
  }

  /** Returns the digests of all files of the request by their addresses, without the inputs. */
  public Map<String, String> digests() {
    Map<String, String> digests = new LinkedHashMap<>();
    for (OutputFile file : files()) {
      digests.put(file.uri(), file.sha256());
      file.animation().ifPresent(each -> digests.put(each.uri(), each.sha256()));
    }
    return digests;
  }

  /** Returns the fingerprint of each stage. */
  public List<Fingerprint> fingerprints() {
    return stages.stream().map(RenderedStage::fingerprint).toList();
  }

  /**
   * One stage: one diffusion pass of a network.
   *
   * @param model name of the model package
   * @param fingerprint everything that its result depends on besides the request
   * @param outputs its results, if it is not the last stage and the request keeps them
   */
  public record RenderedStage(String model, Fingerprint fingerprint, List<OutputFile> outputs) {

    public RenderedStage {
      outputs = List.copyOf(outputs);
    }

    /** Creates a stage whose results are the request's outputs or are not kept. */
    public RenderedStage(String model, Fingerprint fingerprint) {
      this(model, fingerprint, List.of());
    }
  }

  /**
   * One stored result.
   *
   * @param seed seed of the image's generator, all 64 bits unsigned
   * @param shape shape of the result without the batch, e.g. {@code [3, 512, 512]}; empty if an
   *     earlier version did not record it
   * @param size size in pixels, if the result is a picture
   * @param bytes length of the file
   * @param sha256 digest of the file
   * @param pixelsSha256 digest of the decoded content, independent of the file format
   * @param animation the same film for image viewers, if the file is not one itself
   */
  public record OutputFile(
      int index,
      long seed,
      String uri,
      String mediaType,
      List<Integer> shape,
      Optional<Size> size,
      long bytes,
      String sha256,
      String pixelsSha256,
      Optional<Animation> animation) {

    public OutputFile {
      shape = List.copyOf(shape);
    }
  }

  /**
   * A film as an animated PNG file, stored next to its NPY file.
   *
   * @param bytes length of the file
   * @param sha256 digest of the file
   */
  public record Animation(String uri, String mediaType, long bytes, String sha256) {}

  /** One picture that was read. A picture inside the request is stored at this URI. */
  public record InputFile(String uri, String sha256) {}

  /** Durations of the phases, in milliseconds from the receipt of the record. */
  public record Timings(
      double queued,
      double prepare,
      double denoise,
      double decode,
      double encode,
      double upload,
      double total) {}
}
