package io.darkroom.app.fleet;

import io.darkroom.job.RenderRequest;
import io.darkroom.json.Decoded;
import io.darkroom.json.MessageHeaders;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.RequestCost;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Predicts the device time of requests from their plans: for each stage, rows of the network times
 * the time of a row, in proportion to the elements of the sample. A request with several stages
 * counts for the model of its first stage. A request that a worker would reject has no cost. The
 * image of an upscale request is not read; it counts as an image of the package's own size.
 */
public final class RequestCosts implements RequestCost.Source {
  /** Name for all models without a package, because requests may name any model. */
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
    List<ModelCard> known =
        request.stages().stream()
            .flatMap(stage -> Optional.ofNullable(cards.get(stage.model().name())).stream())
            .toList();
    if (known.size() < request.stages().size()) {
      return new RequestCost(UNKNOWN, OptionalDouble.empty());
    }
    try {
      RenderPlan plan = planner.plan(request, known.toArray(ModelCard[]::new));
      return new RequestCost(request.model().name(), seconds(plan));
    } catch (InvalidPlan rejected) {
      return REJECTED;
    }
  }

  /** Returns the seconds of all stages; empty if the time of a row is not known for one of them. */
  private OptionalDouble seconds(RenderPlan plan) {
    double seconds = 0;
    for (Stage stage : plan.stages()) {
      Double millis = millisPerRow.get(stage.model().name());
      if (millis == null) {
        return OptionalDouble.empty();
      }
      seconds += stage.rows() * relativeSize(plan, stage) * millis / 1e3;
    }
    return OptionalDouble.of(seconds);
  }

  private static double relativeSize(RenderPlan plan, Stage stage) {
    ModelCard card = stage.model();
    Shape own = card.sampleOf(card.standardSize());
    return plan.first().model().enlarges() ? 1 : (double) stage.sample().size() / own.size();
  }
}
