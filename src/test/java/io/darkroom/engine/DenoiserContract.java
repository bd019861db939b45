package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The requirements of the engine on every denoiser. */
public abstract class DenoiserContract {

  /** The input of one row. */
  protected record Row(FloatBuffer sample, double timestep, Conditioning conditioning) {}

  /** Returns the denoiser under test, with 3 rows or more. */
  protected abstract Denoiser denoiser();

  /** Returns a supported shape. */
  protected abstract Shape shape();

  /** Returns another supported shape, or the same if there is only one. */
  protected abstract Shape otherShape();

  /** Returns the conditioning of row {@code i}; different for different rows, if possible. */
  protected abstract Conditioning conditioning(int i, Shape shape);

  @Test
  void aRowGivesTheSameBitsAloneAndWithOthersAtAnyPosition() {
    List<Row> rows = rows(3);
    List<float[]> together = run(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(run(List.of(rows.get(i))).get(0)).containsExactly(together.get(i));
    }
    List<float[]> turned = run(List.of(rows.get(2), rows.get(0), rows.get(1)));
    assertThat(turned.get(0)).containsExactly(together.get(2));
    assertThat(turned.get(1)).containsExactly(together.get(0));
    assertThat(turned.get(2)).containsExactly(together.get(1));
  }

  @Test
  void eachRowHasItsOwnTimestep() {
    Row early = row(0, 900);
    Row late = new Row(early.sample(), 20, early.conditioning());
    List<float[]> outputs = run(List.of(early, late, early));
    assertThat(outputs.get(0)).isNotEqualTo(outputs.get(1)).containsExactly(outputs.get(2));
  }

  @Test
  void aCallIsTheSameObjectForTheSameShape() {
    Denoiser.Call call = denoiser().call(shape());
    denoiser().call(otherShape());
    assertThat(denoiser().call(shape())).isSameAs(call);
  }

  @Test
  void callsOfTwoShapesDoNotAffectEachOther() {
    Row row = row(0, 500);
    float[] before = run(List.of(row)).get(0);
    fill(denoiser().call(shape()), 0, row);
    Denoiser.Call other = denoiser().call(otherShape());
    fill(other, 0, row(7, 100, otherShape()));
    if (!otherShape().equals(shape())) {
      other.run(1);
      denoiser().call(shape()).run(1);
      assertThat(output(denoiser().call(shape()), 0)).containsExactly(before);
    }
  }

  @Test
  void aConditionIsKeptUntilItIsReplaced() {
    Row first = row(0, 300);
    Row second = row(1, 300);
    float[] before = run(List.of(first)).get(0);
    run(List.of(second));
    assertThat(run(List.of(first)).get(0)).containsExactly(before);
    assertThat(run(List.of(first)).get(0)).containsExactly(before);
  }

  @Test
  void aFilledSampleEndsWhereItsRowEnds() {
    Denoiser.Call call = denoiser().call(shape());
    float[] tooMany = new float[shape().size() + 1];
    assertThat(call.sample(1).remaining()).isGreaterThanOrEqualTo(shape().size());
    assertThatThrownBy(() -> call.sample(denoiser().mostRows() - 1).put(tooMany))
        .isInstanceOf(BufferOverflowException.class);
  }

  protected final List<float[]> run(List<Row> rows) {
    Denoiser.Call call = denoiser().call(shape());
    for (int i = 0; i < rows.size(); i++) {
      fill(call, i, rows.get(i));
    }
    call.run(rows.size());
    List<float[]> outputs = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      outputs.add(output(call, i));
    }
    return outputs;
  }

  private List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(i, 950 - 310 * i));
    }
    return rows;
  }

  private Row row(int i, double timestep) {
    return row(i, timestep, shape());
  }

  private Row row(int i, double timestep, Shape shape) {
    return new Row(FloatBuffer.wrap(sample(i, shape.size())), timestep, conditioning(i, shape));
  }

  /** Returns numbers of standard deviation 1, different for each {@code seed}. */
  protected static float[] sample(int seed, int size) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] sample = new float[size];
    for (int i = 0; i < size; i++) {
      sample[i] = (float) ((random.nextDouble() - 0.5) * 3.4641);
    }
    return sample;
  }

  private static void fill(Denoiser.Call call, int row, Row values) {
    call.sample(row).put(values.sample().duplicate());
    call.timestep(row, values.timestep());
    call.condition(row, values.conditioning());
  }

  private static float[] output(Denoiser.Call call, int row) {
    float[] out = new float[call.outputSize()];
    call.output(row, out);
    return out;
  }
}
