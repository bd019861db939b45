package io.darkroom.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The commit of a render, stored beside its outputs and announced in the completed event; a request
 * is done when, and only when, it is there.
 *
 * @param requestId the request's id
 * @param requestSha256 digest of the canonical request
 * @param request the effective request as JSON has it, every default filled in
 * @param outputs one per picture
 * @param inputs what was read
 * @param stages one per pass of a network, in order
 * @param timings milliseconds per phase
 * @param steps of the schedule
 * @param modelEvaluations rows of the denoising network that this request took
 * @param attempts deliveries of the request to a worker, up to the one that was rendered
 * @param warnings for readers of the result, such as a prompt that was cut
 * @param metadata the request's own, untouched
 * @param attestation signed statement about outputs, request and fingerprints, where the worker has
 *     a key
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

  /** The same manifest, signed. */
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

  /** What the pixels depend on besides the request, per stage. */
  public List<Fingerprint> fingerprints() {
    return stages.stream().map(RenderedStage::fingerprint).toList();
  }

  /**
   * One pass of a network.
   *
   * @param model name of the package
   * @param planSha256 digest of the plan, see {@code plan.PlanDigest}; empty where an earlier
   *     worker did not record it
   * @param fingerprint everything that its result depends on besides the request
   */
  public record RenderedStage(String model, Optional<String> planSha256, Fingerprint fingerprint) {}

  /**
   * One stored result.
   *
   * @param seed of the image's generator, all 64 bits unsigned
   * @param shape of the result without the batch, e.g. {@code [3, 512, 512]}; empty where an
   *     earlier worker did not record it
   * @param size in pixels, where it is a picture
   * @param bytes length of the file
   * @param sha256 of the file
   * @param pixelsSha256 of the decoded content, whatever the file format
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
      String pixelsSha256) {

    public OutputFile {
      shape = List.copyOf(shape);
    }
  }

  /** One picture that was read; one that came inside the request is kept at the address. */
  public record InputFile(String uri, String sha256) {}

  /** Milliseconds from first sight of the record on. */
  public record Timings(
      double queued,
      double prepare,
      double denoise,
      double decode,
      double encode,
      double upload,
      double total) {}
}
