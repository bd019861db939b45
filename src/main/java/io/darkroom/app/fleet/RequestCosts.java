package io.darkroom.app.fleet;

import io.darkroom.job.RenderRequest;
import io.darkroom.job.Source;
import io.darkroom.json.Decoded;
import io.darkroom.json.MessageHeaders;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.RequestCost;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.Stage;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Predicts the device time of requests from their plans: rows of the network times the time of a
 * row, in proportion to the elements of the sample. A request that a worker would reject costs
 * nothing. The image of an upscale request is not read; it counts as one of the package's own size.
 */
public final class RequestCosts implements RequestCost.Source {
  /** The name for all models without a package here, because requests may name any model. */
  static final String UNKNOWN = "unknown";

  private static final RequestCost REJECTED = new RequestCost(UNKNOWN, OptionalDouble.of(0));

  private final RequestCodec codec;
  private final Planner planner;
  private final Map<String, ModelCard> cards;
  private final Map<String, Double> millisPerRow;

  /**
   * @param millisPerRow time of a row with a sample of the package's own size, by model; above 0
   */
  public RequestCosts(
      RequestCodec codec,
      Planner planner,
      Map<String, ModelCard> cards,
      Map<String, Double> millisPerRow) {
    this.codec = codec;
    this.planner = planner;
    this.cards = Map.copyOf(cards);
    this.millisPerRow = Map.copyOf(millisPerRow);
  }

  @Override
  public RequestCost of(byte[] body, MessageHeaders headers) {
    return codec.read(body, headers) instanceof Decoded.Valid valid
        ? of(valid.request())
        : REJECTED;
  }

  private RequestCost of(RenderRequest request) {
    ModelCard card = cards.get(request.model().name());
    if (card == null) {
      return new RequestCost(UNKNOWN, OptionalDouble.empty());
    }
    try {
      Stage stage = planner.draft(request, card).complete(Map.of(), DeviceCost.NONE).stage();
      Double millis = millisPerRow.get(card.name());
      OptionalDouble seconds =
          millis == null
              ? OptionalDouble.empty()
              : OptionalDouble.of(stage.rows() * relativeSize(request, stage) * millis / 1e3);
      return new RequestCost(card.name(), seconds);
    } catch (InvalidPlan rejected) {
      return REJECTED;
    }
  }

  private static double relativeSize(RenderRequest request, Stage stage) {
    ModelCard card = stage.model();
    Shape own = card.sampleOf(card.standardSize());
    boolean given = request.stage().source() instanceof Source.Enlarge;
    return given ? 1 : (double) stage.sample().size() / own.size();
  }
}
