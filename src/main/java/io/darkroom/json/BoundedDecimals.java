package io.darkroom.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A parser that limits the exponents of decimals to -9999..9999, because {@link BigDecimal} cannot
 * hold every exponent. A limited number is still outside the range of a double, and arithmetic with
 * it is cheap.
 */
final class BoundedDecimals extends JsonParserDelegate {
  private static final BigInteger MOST = BigInteger.valueOf(9999);

  BoundedDecimals(JsonParser parser) {
    super(parser);
  }

  @Override
  public BigDecimal getDecimalValue() throws IOException {
    String text = getText();
    int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
    return mark < 0
        ? new BigDecimal(text)
        : new BigDecimal(text.substring(0, mark)).scaleByPowerOfTen(exponent(text, mark + 1));
  }

  private static int exponent(String text, int begin) {
    BigInteger written = new BigInteger(text.substring(begin));
    return written.max(MOST.negate()).min(MOST).intValueExact();
  }
}
