package io.darkroom.model;

import java.util.Set;

/**
 * Names of inputs and outputs of networks, as exporters write them. An input that a single
 * condition fills is named in that condition only.
 */
public final class NetworkNames {
  /** The sample input of a U-Net, and of a network that reads or makes pictures. */
  public static final String SAMPLE = "sample";

  /** The sample input of a transformer. */
  public static final String HIDDEN_STATES = "hidden_states";

  /** The timestep input of a denoising network. */
  public static final String TIMESTEP = "timestep";

  /** The label of the class, or the noise level of the picture that is enlarged. */
  public static final String CLASS_LABELS = "class_labels";

  /** The positions of packed latents in the picture. */
  public static final String IMAGE_IDS = "img_ids";

  /** The positions of a text's tokens; packed latents have positions of their own. */
  public static final String TEXT_IDS = "txt_ids";

  /** The output of a U-Net. */
  public static final String OUT_SAMPLE = "out_sample";

  /** The output of a transformer. */
  public static final String OUT_HIDDEN_STATES = "out_hidden_states";

  /** The output of a picture's encoder: mean and logarithm of the variance. */
  public static final String LATENT_PARAMETERS = "latent_parameters";

  /** Outputs of a picture's encoder without variance. */
  public static final Set<String> LATENTS = Set.of("latents", "latent_sample");

  /** The token ids that a text encoder reads. */
  public static final String INPUT_IDS = "input_ids";

  /** Which tokens of a text encoder are not padding. */
  public static final String ATTENTION_MASK = "attention_mask";

  /** The output of a text encoder for each token. */
  public static final String LAST_HIDDEN_STATE = "last_hidden_state";

  /** Prefix of the outputs of a text encoder for each token after each of its layers. */
  public static final String STATES = "hidden_states.";

  /** The output of a text encoder without a projection for the whole text. */
  public static final String POOLER_OUTPUT = "pooler_output";

  /** The input of a transformer for the whole text. */
  public static final String POOLED_PROJECTIONS = "pooled_projections";

  /**
   * The output of a text encoder with a projection for the whole text, and the input of a U-Net for
   * it.
   */
  public static final String TEXT_EMBEDS = "text_embeds";

  private NetworkNames() {}
}
