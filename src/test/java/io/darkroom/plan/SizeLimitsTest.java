package io.darkroom.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.FlowTimes;
import io.darkroom.image.Medium;
import io.darkroom.job.Size;
import io.darkroom.job.Violations;
import io.darkroom.model.Condition;
import io.darkroom.model.ElementType;
import io.darkroom.model.InputShape;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Space;
import io.darkroom.model.TensorInfo;
import io.darkroom.model.condition.GivenInput;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SizeLimitsTest {

  @Test
  void aLengthThatTensorsDetermineIsAMultiple() {
    Layout sound =
        new Layout(List.of(new Layout.Dimension(Layout.LENGTH, 32, true, 16, Integer.MAX_VALUE)));
    InputShape columns = new InputShape(List.of(new InputShape.Axis(0, Layout.LENGTH, 8)));
    TensorInfo mel =
        new TensorInfo("mel", ElementType.FLOAT, List.of(TensorInfo.ANY, TensorInfo.ANY));
    assertThat(lengthProblems(sound, new Size(24, 1))).as("the result is cropped").isEmpty();
    assertThat(
            lengthProblems(
                sound,
                new Size(24, 1),
                new GivenInput(List.of(new GivenInput.Given(mel, columns)))))
        .containsExactly("/audio_length_in_s: must be a multiple of 16 for sounds, is 24");
  }

  private static List<String> lengthProblems(Layout layout, Size size, Condition... conditions) {
    ModelCard card =
        new ModelCard(
            "sounds",
            "0".repeat(64),
            Map.of(),
            new ModelCard.Network(
                1,
                1,
                layout,
                true,
                ModelCard.Network.PATCH_SIZE,
                FlowTimes.LISTED_WITH_SHIFT,
                ModelCard.Network.TILE,
                ModelCard.Network.ANY_TIMESTEP),
            List.of(conditions),
            Space.PIXELS,
            Medium.sound(8000),
            Map.of(),
            "1".repeat(64),
            new ModelCard.Defaults(
                OptionalInt.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
    Violations violations = new Violations();
    SizeLimits.check(size, card, new Limits(64 * 64, 100, 8, 5_000_000), violations);
    return violations.list().stream().map(v -> v.pointer() + ": " + v.message()).toList();
  }
}
