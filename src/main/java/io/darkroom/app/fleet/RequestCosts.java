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
import java.util.function.Function;

/**
 * Predicts the device time of requests from their plans: for each stage, rows of the network times
 * the time of a row, in proportion to the elements of the sample. The time of a row may become
 * known after the request was read. A request with several stages counts for the model of its first
 * stage. A request that a worker would reject has no cost. The image of an upscale request is not
 * read; it counts as an image of the package's own size.
 */
public final class RequestCosts implements RequestCost.Source {
  /** Name for all models without a package, because requests may name any model. */
  static final String UNKNOWN = "unknown";

  private static final RequestCost REJECTED = new RequestCost(UNKNOWN, OptionalDouble.of(0));

  private final RequestCodec codec;
  private final Planner planner;
  private final Map<String, ModelCard> cards;
  private final Function<String, OptionalDouble> millisPerRow;

  /** Rows of a network, as rows with a sample of the package's own size. */
  private record Rows(String model, double count) {}

  /**
   * @param millisPerRow returns the time of a row with a sample of the package's own size, by
   *     model; above 0, or empty if it is not known yet
   */
  public RequestCosts(
      RequestCodec codec,
      Planner planner,
      Map<String, ModelCard> cards,
      Function<String, OptionalDouble> millisPerRow) {
    this.codec = codec;
    this.planner = planner;
    this.cards = Map.copyOf(cards);
    this.millisPerRow = millisPerRow;
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
      List<Rows> rows =
          plan.stages().stream()
              .map(each -> new Rows(each.model().name(), each.rows() * relativeSize(plan, each)))
              .toList();
      return new RequestCost(request.model().name(), () -> seconds(rows));
    } catch (InvalidPlan rejected) {
      return REJECTED;
    }
  }

  /** Returns the seconds of all stages; empty if the time of a row is not known for one of them. */
  private OptionalDouble seconds(List<Rows> stages) {
    double seconds = 0;
    for (Rows stage : stages) {
      OptionalDouble millis = millisPerRow.apply(stage.model());
      if (millis.isEmpty()) {
        return OptionalDouble.empty();
      }
      seconds += stage.count() * millis.getAsDouble() / 1e3;
    }
    return OptionalDouble.of(seconds);
  }

  private static double relativeSize(RenderPlan plan, Stage stage) {
    ModelCard card = stage.model();
    Shape own = card.sampleOf(card.standardSize());
    return plan.first().model().enlarges() ? 1 : (double) stage.sample().size() / own.size();
  }
}
