package io.darkroom.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A parser whose decimals have an exponent of -9999 to 9999: one beyond that, which no double holds
 * and {@link BigDecimal} may not hold either, becomes the nearest of these. So every number can be
 * read, arithmetic with it costs little, and it is still outside the range of a double.
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
