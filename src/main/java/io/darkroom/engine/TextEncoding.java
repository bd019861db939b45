package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.EncodedText;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Encodes the texts of jobs that are about to get slots. Engine thread only. */
final class TextEncoding {
  /**
   * Maximum number of jobs whose texts are encoded between two calls of the denoiser, so that the
   * loop is not delayed for long.
   */
  private static final int JOBS_PER_ITERATION = 4;

  /** Maximum bytes of the Java heap for encoded texts, and at most this share of it. */
  private static final long MOST_BYTES = 64L << 20;

  private static final int SHARE = 32;

  private final Cache cache =
      new Cache(Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE));
  private int left;

  /** Starts an iteration of the engine. */
  void beginIteration() {
    left = JOBS_PER_ITERATION;
  }

  /** Encodes the texts of a job if they are not encoded yet and this iteration allows more. */
  void encode(ActiveJob job, Networks networks) {
    if (job.inputs().needsTexts() && left > 0) {
      left--;
      encodeNow(job, networks);
    }
  }

  /** Returns the counts of encoded and reused texts. */
  EngineSnapshot.Texts counts() {
    return cache.counts();
  }

  private void encodeNow(ActiveJob job, Networks networks) {
    Map<ConditionPlan.Text, EncodedText> encoded = new HashMap<>();
    for (Map.Entry<Reader, List<ConditionPlan.Text>> each : byReader(job).entrySet()) {
      Reader reader = each.getKey();
      TextEncoder encoder = networks.textEncoders().get(reader.encoder());
      if (encoder == null) {
        String model = job.stage().model().name();
        job.fail(ErrorClass.MODEL, "model: " + model + " has no " + reader.encoder());
        return;
      }
      List<ConditionPlan.Text> texts = each.getValue();
      List<EncodedText> given =
          cache.encode(
              networks.card().sha256(),
              reader,
              encoder,
              texts.stream().map(job.job().texts()::get).toList());
      for (int i = 0; i < texts.size(); i++) {
        encoded.put(texts.get(i), given.get(i));
      }
    }
    job.inputs().setEncodedTexts(encoded);
  }

  private static Map<Reader, List<ConditionPlan.Text>> byReader(ActiveJob job) {
    return job.job().texts().keySet().stream()
        .collect(Collectors.groupingBy(text -> new Reader(text.encoder(), text.skip())));
  }

  /**
   * An encoder, and how many of its layers are skipped.
   *
   * @param encoder its folder
   */
  record Reader(String encoder, int skip) {}

  /**
   * Caches encoded texts, so that repeated prompts need no text encoder; many requests have the
   * same negative prompt. The output of an encoder depends only on its package, the token ids and
   * the skipped layers. Beyond a limit the least recently used texts are dropped. Engine thread
   * only.
   */
  static final class Cache {
    private final long mostBytes;
    private final Map<Key, EncodedText> texts = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long encoded;
    private long reused;

    /**
     * @param mostBytes maximum bytes of the Java heap
     */
    Cache(long mostBytes) {
      this.mostBytes = mostBytes;
    }

    /**
     * @param packageSha256 digest of the package
     * @param ids token ids; buffers are equal if their content is
     */
    private record Key(String packageSha256, Reader reader, LongBuffer ids) {}

    /**
     * Returns the encoder's output for each text. Only texts that are not cached are encoded, once
     * each.
     */
    List<EncodedText> encode(
        String packageSha256, Reader reader, TextEncoder encoder, List<Tokenizer.Tokens> tokens) {
      List<Key> keys = new ArrayList<>();
      Map<Key, EncodedText> given = new HashMap<>();
      Map<Key, Tokenizer.Tokens> missing = new LinkedHashMap<>();
      for (Tokenizer.Tokens each : tokens) {
        Key key = new Key(packageSha256, reader, LongBuffer.wrap(each.ids()));
        keys.add(key);
        EncodedText kept = texts.get(key);
        if (kept == null) {
          missing.put(key, each);
        } else {
          given.put(key, kept);
        }
      }
      given.putAll(encodeMissing(encoder, reader.skip(), missing));
      reused += tokens.size() - missing.size();
      return keys.stream().map(given::get).toList();
    }

    /** Returns the counts so far. */
    EngineSnapshot.Texts counts() {
      return new EngineSnapshot.Texts(encoded, reused, bytes);
    }

    private Map<Key, EncodedText> encodeMissing(
        TextEncoder encoder, int skip, Map<Key, Tokenizer.Tokens> missing) {
      if (missing.isEmpty()) {
        return Map.of();
      }
      Map<Key, EncodedText> given = new LinkedHashMap<>();
      Iterator<EncodedText> results =
          encoder.encode(List.copyOf(missing.values()), skip).iterator();
      for (Key key : missing.keySet()) {
        given.put(key, results.next());
      }
      encoded += given.size();
      given.forEach(this::keep);
      return given;
    }

    private void keep(Key key, EncodedText text) {
      texts.put(key, text);
      bytes += text.bytes();
      Iterator<EncodedText> oldest = texts.values().iterator();
      while (bytes > mostBytes) {
        bytes -= oldest.next().bytes();
        oldest.remove();
      }
    }
  }
}
