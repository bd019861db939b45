package io.darkroom.model;

import java.util.ArrayList;
import java.util.List;

/**
 * How the outputs of a package's text encoders become inputs of its network. The layout is
 * determined by the network's inputs, and by the number of encoders with a fixed window (CLIP) and
 * of any length (T5).
 *
 * @param rows the hidden states
 * @param pooled pooled outputs, concatenated
 * @param pooledInput the network's input for these; empty if it has none
 * @param length default number of tokens for encoders of any length
 */
public record TextLayout(
    TextRows rows, List<TextRows.Layer> pooled, String pooledInput, int length) {
  /**
   * Default numbers of tokens in the diffusers pipelines of PixArt, Stable Diffusion 3 and FLUX.
   */
  private static final int ALONE = 120;

  private static final int BEHIND = 256;
  private static final int WITH_POOLED = 512;

  public TextLayout {
    pooled = List.copyOf(pooled);
  }

  /**
   * Returns the layout of a package.
   *
   * @throws BrokenPackage if no layout matches its encoders
   */
  public static TextLayout of(PackageFacts facts, List<TextEncoderFacts> encoders)
      throws BrokenPackage {
    List<TextEncoderFacts> clip = encoders.stream().filter(each -> !each.anyLength()).toList();
    List<TextEncoderFacts> any = encoders.stream().filter(TextEncoderFacts::anyLength).toList();
    if (facts.input(NetworkNames.TEXT_EMBEDS).isPresent() && any.isEmpty()) {
      TextEncoderFacts last = clip.get(clip.size() - 1);
      TextRows rows = TextRows.sideBySide(beforeLast(clip));
      return new TextLayout(
          rows, List.of(last.layer(NetworkNames.TEXT_EMBEDS)), NetworkNames.TEXT_EMBEDS, 0);
    }
    if (facts.input(NetworkNames.POOLED_PROJECTIONS).isPresent()
        && clip.size() > 1
        && any.size() <= 1) {
      return stacked(clip, any);
    }
    if (facts.input(NetworkNames.POOLED_PROJECTIONS).isPresent()
        && clip.size() == 1
        && any.size() == 1) {
      TextRows rows =
          TextRows.sideBySide(List.of(any.get(0).layer(NetworkNames.LAST_HIDDEN_STATE)));
      List<TextRows.Layer> pooled = List.of(clip.get(0).layer(NetworkNames.POOLER_OUTPUT));
      return new TextLayout(rows, pooled, NetworkNames.POOLED_PROJECTIONS, WITH_POOLED);
    }
    if (encoders.size() == 1) {
      TextRows rows =
          TextRows.sideBySide(List.of(encoders.get(0).layer(NetworkNames.LAST_HIDDEN_STATE)));
      return new TextLayout(rows, List.of(), "", ALONE);
    }
    throw new BrokenPackage(
        encoders.get(1).component(),
        "",
        "must have a matching input in the network, whose inputs are " + facts.inputs());
  }

  /**
   * Returns the layout of Stable Diffusion 3: the encoder of any length, or zeros in its place,
   * comes after the others.
   */
  private static TextLayout stacked(List<TextEncoderFacts> clip, List<TextEncoderFacts> any)
      throws BrokenPackage {
    List<TextRows.Block> blocks = new ArrayList<>(List.of(new TextRows.Block(beforeLast(clip))));
    any.forEach(
        each ->
            blocks.add(new TextRows.Block(List.of(each.layer(NetworkNames.LAST_HIDDEN_STATE)))));
    List<TextRows.Layer> pooled =
        clip.stream().map(each -> each.layer(NetworkNames.TEXT_EMBEDS)).toList();
    return new TextLayout(
        new TextRows(blocks, any.isEmpty()), pooled, NetworkNames.POOLED_PROJECTIONS, BEHIND);
  }

  private static List<TextRows.Layer> beforeLast(List<TextEncoderFacts> encoders)
      throws BrokenPackage {
    List<TextRows.Layer> layers = new ArrayList<>();
    for (TextEncoderFacts encoder : encoders) {
      layers.add(encoder.beforeLast());
    }
    return layers;
  }

  /** Returns the encoders with those of their outputs that are used. */
  public List<TextEncoderInfo> infos(List<TextEncoderFacts> encoders) throws BrokenPackage {
    List<TextRows.Block> all = new ArrayList<>(rows.blocks());
    all.add(new TextRows.Block(pooled));
    TextRows read = new TextRows(all, false);
    List<TextEncoderInfo> infos = new ArrayList<>();
    for (TextEncoderFacts encoder : encoders) {
      infos.add(encoder.info(read.outputs(encoder.component()), length));
    }
    return infos;
  }
}
