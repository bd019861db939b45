package io.darkroom.image;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The XMP packet of generated pictures (ISO 16684-1). It contains IPTC's digital source type and
 * the name of the program, but no version. The packet is the same in every PNG and JPEG file; that
 * of a WebP file has further properties.
 */
public final class Xmp {
  /** Keyword of the packet in a PNG file (XMP specification, part 3, section 1.1.5). */
  public static final String KEYWORD = "XML:com.adobe.xmp";

  private static final String BEGIN =
      """
      <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
      <x:xmpmeta xmlns:x="adobe:ns:meta/">
       <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      """;

  private static final String SOURCE =
      """
        <rdf:Description rdf:about=""
          xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
          xmlns:xmp="http://ns.adobe.com/xap/1.0/">
         <Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>
         <xmp:CreatorTool>Darkroom</xmp:CreatorTool>
        </rdf:Description>
      """;

  private static final String END =
      """
       </rdf:RDF>
      </x:xmpmeta>
      <?xpacket end="r"?>""";

  /** The packet of a picture that a trained model has generated. */
  public static final EmbeddedText GENERATED = new EmbeddedText(KEYWORD, BEGIN + SOURCE + END);

  /** Identifies the packet in a segment of a JPEG file. */
  static final byte[] JPEG_HEADER =
      "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);

  private static final String NAMESPACE = "urn:darkroom:text:";
  private static final String OWN = "darkroom.";
  private static final char REPLACEMENT = '\uFFFD';

  private Xmp() {}

  /**
   * Returns a packet with texts as properties, for formats without other places for texts: {@code
   * darkroom.request} is the property {@code request}. {@link #GENERATED} among the texts adds its
   * properties. A character that XML cannot hold becomes U+FFFD.
   */
  static String packet(List<EmbeddedText> texts) {
    StringBuilder packet = new StringBuilder(BEGIN);
    packet.append(texts.contains(GENERATED) ? SOURCE : "");
    packet.append("  <rdf:Description rdf:about=\"\" xmlns:darkroom=\"" + NAMESPACE + "\">\n");
    for (EmbeddedText text : texts) {
      if (!is(text)) {
        String name = "darkroom:" + name(text.keyword());
        packet.append("   <" + name + ">" + escaped(text.text()) + "</" + name + ">\n");
      }
    }
    return packet.append("  </rdf:Description>\n").append(END).toString();
  }

  private static String name(String keyword) {
    String own = keyword.startsWith(OWN) ? keyword.substring(OWN.length()) : keyword;
    String name = own.replaceAll("[^A-Za-z0-9_-]", "_");
    return name.matches("[A-Za-z_].*") ? name : "_" + name;
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '\r' -> escaped.append("&#13;");
                default -> escaped.appendCodePoint(inXml(c) ? c : REPLACEMENT);
              }
            });
    return escaped.toString();
  }

  private static boolean inXml(int c) {
    return c == '\n' || c == '\t' || (c >= ' ' && c != 0xfffe && c != 0xffff);
  }

  /** Returns whether a text is a packet. */
  static boolean is(EmbeddedText text) {
    return text.keyword().equals(KEYWORD);
  }
}
