package io.darkroom.console;

import com.sun.net.httpserver.HttpExchange;
import io.darkroom.attest.SignatureCheck;
import io.darkroom.job.JobId;
import io.darkroom.job.Manifest;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.JsonTree;
import io.darkroom.json.ManifestCodec;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.StoredFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answers with lists of results, with one result and its manifest, and with the check of its files.
 */
final class ResultPages {
  private static final int MOST = 100;
  private static final int STANDARD = 48;
  private static final long MANIFEST_BYTES = 1 << 24;

  private final Board board;
  private final AllowedStore store;
  private final ObjectUri prefix;
  private final Optional<SignatureCheck> signatures;
  private final ManifestCodec codec = new ManifestCodec();

  /**
   * @param prefix prefix of results that are no longer on the board
   * @param signatures check of signatures; empty if no public key is configured
   */
  ResultPages(
      Board board, AllowedStore store, ObjectUri prefix, Optional<SignatureCheck> signatures) {
    this.board = board;
    this.store = store;
    this.prefix = prefix;
    this.signatures = signatures;
  }

  /**
   * Answers with the results that match {@code q}, {@code model}, {@code sampler} and {@code
   * outcome}.
   */
  void list(HttpExchange exchange, Query query) throws IOException {
    int most = query.integer("limit", STANDARD, 1, MOST);
    List<Result> found = board.results(filter(query), query.text("before"), most + 1);
    List<Result> shown = found.size() > most ? found.subList(0, most) : found;
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("results", shown.stream().map(Result::tree).toList());
    answer.put("more", found.size() > most);
    answer.put("models", board.values(result -> result.summary().model()));
    answer.put("samplers", board.values(result -> result.summary().sampler()));
    answer.put("outcomes", board.values(Result::kind));
    Reply.json(exchange, 200, answer);
  }

  private static Predicate<Result> filter(Query query) {
    String words = query.text("q").toLowerCase(Locale.ROOT);
    String model = query.text("model");
    String sampler = query.text("sampler");
    String outcome = query.text("outcome");
    return result ->
        (model.isEmpty() || result.summary().model().equals(model))
            && (sampler.isEmpty() || result.summary().sampler().equals(sampler))
            && (outcome.isEmpty()
                || result.outcome().equals(outcome)
                || result.kind().equals(outcome))
            && (words.isEmpty() || text(result).contains(words));
  }

  private static String text(Result result) {
    return (result.id() + " " + result.summary().prompt()).toLowerCase(Locale.ROOT);
  }

  /** Answers with everything that is known about a request. */
  void one(HttpExchange exchange, String id) throws IOException {
    Optional<Result> result = board.result(id);
    Optional<Job> job = board.job(id);
    boolean open = result.isEmpty() && job.isPresent();
    Optional<byte[]> bytes = open ? Optional.empty() : manifest(id, result);
    Optional<Map<String, Object>> manifest = bytes.flatMap(JsonTree::read);
    if (result.isEmpty() && job.isEmpty() && manifest.isEmpty()) {
      Reply.error(exchange, 404, "this request is not known");
      return;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    result.ifPresent(known -> answer.put("result", known.tree()));
    job.ifPresent(known -> answer.put("job", known.tree()));
    manifest.ifPresent(tree -> answer.put("manifest", tree));
    bytes.flatMap(this::signature).ifPresent(verdict -> answer.put("signature", verdict));
    board.deadLetter(id).ifPresent(source -> answer.put("dead_letter", source));
    Reply.json(exchange, 200, answer);
  }

  /**
   * Returns {@code valid}, or why the signature of a manifest is not valid; empty if signatures are
   * not checked.
   */
  private Optional<String> signature(byte[] manifest) {
    return signatures.map(
        check -> {
          try {
            return check.problem(codec.read(manifest)).orElse("valid");
          } catch (DamagedManifest damaged) {
            return "manifest.json: " + damaged.getMessage();
          }
        });
  }

  /** Reads the stored files of a request and compares them with its manifest. */
  void verify(HttpExchange exchange, String id) throws IOException {
    Optional<byte[]> bytes = manifest(id, board.result(id));
    if (bytes.isEmpty()) {
      Reply.error(exchange, 404, "there is no manifest");
      return;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      Manifest manifest = codec.read(bytes.get());
      List<String> problems = new ArrayList<>(new StoredFiles(store).check(manifest));
      signatures.flatMap(check -> check.problem(manifest)).ifPresent(problems::add);
      answer.put("problems", problems);
      answer.put("signature_checked", signatures.isPresent());
      answer.put("signed", manifest.attestation().isPresent());
    } catch (DamagedManifest damaged) {
      answer.put("problems", List.of("manifest.json: " + damaged.getMessage()));
    }
    Reply.json(exchange, 200, answer);
  }

  private Optional<byte[]> manifest(String id, Optional<Result> result) {
    Optional<String> first = result.flatMap(Result::first).map(Result.File::uri);
    boolean failed = result.isPresent() && first.isEmpty();
    if (failed || (first.isEmpty() && !JobId.isValid(id))) {
      return Optional.empty();
    }
    try {
      ObjectUri uri =
          first.isPresent()
              ? ObjectUri.parse(folder(first.get()) + "manifest.json")
              : prefix.child(id + "/manifest.json");
      return store.get(uri, MANIFEST_BYTES);
    } catch (IllegalArgumentException | ObjectStore.TooLarge notShown) {
      return Optional.empty();
    }
  }

  private static String folder(String uri) {
    return uri.substring(0, uri.lastIndexOf('/') + 1);
  }
}
