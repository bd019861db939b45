package io.darkroom.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.darkroom.engine.Tokenizer;
import io.darkroom.engine.Tokens;
import io.darkroom.model.BrokenPackage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * CLIP's byte-level BPE over the tokenizers of Hugging Face, as their fast tokenizer has it: text
 * is brought to NFC, white space to single spaces, letters to lower case. The cleaning that the
 * slow tokenizer does first where the Python package ftfy is installed (repair of mis-encoded text,
 * curly quotes, ligatures, full-width letters, HTML entities) is not done. Thread-safe.
 */
final class ClipTokenizer implements Tokenizer {
  private static final Cleaner CLEANER = Cleaner.create();

  private final HuggingFaceTokenizer tokenizer;
  private final int window;
  private final int end;
  private final int padding;

  private ClipTokenizer(HuggingFaceTokenizer tokenizer, int window, int end, int padding) {
    this.tokenizer = tokenizer;
    this.window = window;
    this.end = end;
    this.padding = padding;
    // Not closed with the networks: a worker thread may be in the middle of a text.
    CLEANER.register(this, tokenizer::close);
  }

  /**
   * @param folder of the package
   * @param window ids of a text
   * @throws BrokenPackage where the tokenizer is not CLIP's, or asks for what is not done here
   */
  static ClipTokenizer read(Path folder, int window) throws BrokenPackage {
    ClipTokenizerFile file = ClipTokenizerFile.read(folder);
    TokenizerSettings.check(folder, window, file.size());
    stayOffline();
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(file.json().getBytes(StandardCharsets.UTF_8)),
              Map.of("truncation", "false", "padding", "false"));
      return new ClipTokenizer(tokenizer, window, file.end(), file.padding());
    } catch (IOException | RuntimeException e) {
      // The native library reports whatever it refuses as a RuntimeException.
      throw new BrokenPackage("tokenizer", "", "is refused: " + e.getMessage(), e);
    }
  }

  @Override
  public Tokens encode(String text) {
    // A surrogate without its partner has no UTF-8 form; it becomes a question mark here.
    String sound = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    try {
      Encoding encoding = tokenizer.encode(sound);
      long[] ids = Arrays.copyOf(encoding.getIds(), window);
      int length = encoding.getIds().length;
      if (length > window) {
        ids[window - 1] = end;
        return new Tokens(ids, Optional.of(rest(sound, encoding)));
      }
      Arrays.fill(ids, length, window, padding);
      return new Tokens(ids, Optional.empty());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** From the first character of the first token that did not fit. */
  private String rest(String text, Encoding encoding) {
    int codePoints = encoding.getCharTokenSpans()[window - 1].getStart();
    return text.substring(text.offsetByCodePoints(0, codePoints));
  }

  /**
   * Must come before the library's first class is used: it asks the network about its host, and the
   * graphics card about kernels that no tokenizer needs.
   */
  private static void stayOffline() {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
  }
}
