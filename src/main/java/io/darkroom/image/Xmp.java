package io.darkroom.image;

import java.nio.charset.StandardCharsets;

/**
 * The XMP packet of generated pictures (ISO 16684-1). It contains IPTC's digital source type and
 * the name of the program, but no version. The packet is the same in every file.
 */
public final class Xmp {
  /** Keyword of the packet in a PNG file (XMP specification, part 3, section 1.1.5). */
  public static final String KEYWORD = "XML:com.adobe.xmp";

  private static final String PACKET =
      """
      <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
      <x:xmpmeta xmlns:x="adobe:ns:meta/">
       <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about=""
          xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
          xmlns:xmp="http://ns.adobe.com/xap/1.0/">
         <Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>
         <xmp:CreatorTool>Darkroom</xmp:CreatorTool>
        </rdf:Description>
       </rdf:RDF>
      </x:xmpmeta>
      <?xpacket end="r"?>""";

  /** The packet of a picture that a trained model has generated. */
  public static final EmbeddedText GENERATED = new EmbeddedText(KEYWORD, PACKET);

  /** Identifies the packet in a segment of a JPEG file. */
  static final byte[] JPEG_HEADER =
      "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);

  private Xmp() {}

  /** Returns whether a text is a packet. */
  static boolean is(EmbeddedText text) {
    return text.keyword().equals(KEYWORD);
  }
}
