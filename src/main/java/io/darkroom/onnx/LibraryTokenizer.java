package io.darkroom.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.darkroom.engine.Tokenizer;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.TextEncoderInfo;
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
 * A tokenizer based on the tokenizers library of Hugging Face, for CLIP, T5 and BERT. Ids equal
 * those of transformers' fast tokenizers. The additional text cleaning of CLIP's slow tokenizer,
 * which needs the Python package ftfy, is not supported. Thread-safe.
 */
final class LibraryTokenizer implements Tokenizer {
  private static final Cleaner CLEANER = Cleaner.create();

  private final HuggingFaceTokenizer tokenizer;
  private final int end;
  private final int padding;

  private LibraryTokenizer(HuggingFaceTokenizer tokenizer, int end, int padding) {
    this.tokenizer = tokenizer;
    this.end = end;
    this.padding = padding;
    // Not closed with the networks, because a worker thread may be using it.
    CLEANER.register(this, tokenizer::close);
  }

  /**
   * Reads the tokenizer of a text encoder.
   *
   * @param root the package
   * @throws BrokenPackage if its kind or one of its settings is not supported
   */
  static LibraryTokenizer read(Path root, TextEncoderInfo encoder) throws BrokenPackage {
    TokenizerFolder folder = new TokenizerFolder(root, encoder.tokenizer());
    TokenizerFile file = TokenizerFile.read(folder);
    TokenizerSettings.check(folder, encoder, file);
    stayOffline();
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(file.json().getBytes(StandardCharsets.UTF_8)),
              Map.of("truncation", "false", "padding", "false"));
      return new LibraryTokenizer(tokenizer, file.end(), file.padding());
    } catch (IOException | RuntimeException e) {
      // The native library reports all errors as RuntimeException.
      throw new BrokenPackage(folder.name(), "", "is refused: " + e.getMessage(), e);
    }
  }

  @Override
  public Tokens encode(String text, int length) {
    // An unpaired surrogate has no UTF-8 form and becomes a question mark.
    String sound = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    try {
      Encoding encoding = tokenizer.encode(sound);
      long[] ids = Arrays.copyOf(encoding.getIds(), length);
      int given = encoding.getIds().length;
      if (given > length) {
        ids[length - 1] = end;
        return new Tokens(ids, length, Optional.of(rest(sound, encoding, length - 1)));
      }
      Arrays.fill(ids, given, length, padding);
      return new Tokens(ids, given, Optional.empty());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Returns the text from the first character of the first token that did not fit. */
  private static String rest(String text, Encoding encoding, int first) {
    int codePoints = encoding.getCharTokenSpans()[first].getStart();
    return text.substring(text.offsetByCodePoints(0, codePoints));
  }

  /**
   * Disables network access of the library. Must be called before its first class is loaded, which
   * would query its host and the graphics card for kernels that no tokenizer needs.
   */
  private static void stayOffline() {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
  }
}
