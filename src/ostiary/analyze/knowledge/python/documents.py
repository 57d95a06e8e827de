"""Libraries that open documents, pictures, recordings, captures and repositories by their path."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Result
from ostiary.analyze.knowledge.names import across, each

_CONTENT: Final = Result(passes=(), gives=SourceKind.FILE, named=0)
_FIRST: Final = (
    *(0, "path", "filename", "file", "filepath", "file_path", "fname", "source", "source_file"),
    *("pdf_path", "pdf_file", "input_file", "infile", "uri", "stream", "root", "repo_path"),
)
_CLONED: Final = Result(passes=(), gives=SourceKind.REMOTE, named=0, external="git.Repo()")
_REPOSITORY: Final = (0, "path", "repo_path")

_OPENED: Final = Known(
    (
        *across(("pypdfium2.", "pikepdf.", "fitz.", "pymupdf."), "PdfDocument Pdf.open Document"),
        *each("pdfminer.high_level.", "extract_text extract_pages"),
        *each("pdf2image.", "convert_from_path pdfinfo_from_path"),
        *each("pypandoc.", "convert_file"),
        *each("markitdown.MarkItDown().", "convert convert_local"),
        *each("docling.document_converter.DocumentConverter().", "convert convert_all"),
        *each("unstructured.partition.auto.", "partition"),
        "camelot.read_pdf",
        "tabula.read_pdf",
        "docx2txt.process",
        "docx2python.docx2python",
        "ebooklib.epub.read_epub",
        "extract_msg.Message",
        "mailbox.mbox",
        "textract.process",
        "pyxlsb.open_workbook",
        "calamine.CalamineWorkbook.from_path",
        "python_calamine.CalamineWorkbook.from_path",
        *each("pandas.", "read_feather read_orc read_stata read_spss read_sas read_fwf"),
        *each("polars.", "read_excel read_ipc read_avro scan_ipc scan_ndjson"),
        *each("numpy.", "fromfile memmap"),
        *each("pyarrow.parquet.", "read_table ParquetFile read_schema"),
        *each("geopandas.", "read_file read_parquet"),
        *each("imageio.", "imread get_reader v2.imread v3.imread"),
        *each("skimage.io.", "imread"),
        *each("matplotlib.image.", "imread"),
        *each("nibabel.", "load"),
        *each("pydicom.", "dcmread"),
        *each("trimesh.", "load load_mesh"),
        *each("meshio.", "read"),
        *each("ezdxf.", "readfile"),
        *each("ifcopenshell.", "open"),
        *each("networkx.", "read_gml read_graphml read_gexf read_edgelist"),
        *each("pydub.AudioSegment.", "from_file from_mp3 from_wav from_ogg"),
        *each("moviepy.", "VideoFileClip AudioFileClip ImageClip"),
        *each("moviepy.editor.", "VideoFileClip AudioFileClip ImageClip"),
        *each("mutagen.", "File"),
        *each("wave.", "open"),
        *each("torchaudio.", "load"),
        *each("mido.", "MidiFile"),
        *each("pyshark.", "FileCapture"),
        *across(("scapy.all.", "scapy.utils."), "rdpcap PcapReader RawPcapReader"),
        *each("dpkt.pcap.", "Reader"),
        *each("evtx.", "PyEvtxParser"),
        *each("pefile.", "PE"),
        *each("lief.", "parse"),
    ),
    EffectKind.READ_FILE,
    {"path": _FIRST},
    tags=("parses",),
    result=_CONTENT,
)
_SAVED: Final = Known(
    (
        *across(("*.",), "to_feather to_stata to_hdf write_parquet write_excel write_ipc"),
        *each("numpy.", "savez savez_compressed"),
        *each("pyarrow.parquet.", "write_table"),
        *each("imageio.", "imwrite imsave mimsave v2.imwrite v3.imwrite"),
        *each("skimage.io.", "imsave"),
        *each("soundfile.", "write"),
        *each("torchaudio.", "save"),
        *each("ebooklib.epub.", "write_epub"),
        *across(("scapy.all.", "scapy.utils."), "wrpcap"),
        *each("networkx.", "write_gml write_graphml write_gexf"),
        *each("ezdxf.*", "saveas"),
        *each("pydub.*", ".export"),
        *each("weasyprint.HTML().", "write_pdf"),
        *each("plotly.io.", "write_html write_image write_json"),
        *each("plotly.graph_objects.Figure().", "write_html"),
        *each("reportlab.pdfgen.canvas.", "Canvas"),
        *each("xlsxwriter.", "Workbook"),
    ),
    EffectKind.WRITE_FILE,
    {"path": (*_FIRST, "target", "out_f", "name", "fp")},
)
_REPOSITORIES: Final = (
    Known(
        ("git.Repo().index.add",),
        EffectKind.READ_FILE,
        {"path": (0, "items")},
        tags=("repository",),
        result=Result(passes=()),
    ),
    Known(
        ("git.Repo.init", "dulwich.repo.Repo.init", "pygit2.init_repository"),
        EffectKind.WRITE_FILE,
        {"path": _REPOSITORY},
        tags=("repository",),
        result=Result(external="git.Repo()"),
    ),
    Known(
        ("git.Repo.clone_from", "pygit2.clone_repository"),
        EffectKind.REQUEST,
        {"url": (0, "url"), "path": (1, "to_path")},
        tags=("fetches",),
        result=_CLONED,
    ),
    Known(
        ("git.Repo.clone_from", "pygit2.clone_repository"),
        EffectKind.WRITE_FILE,
        {"path": (1, "to_path", "path")},
        tags=("repository",),
        result=_CLONED,
    ),
    Known(
        ("git.Repo().clone",),
        EffectKind.WRITE_FILE,
        {"path": (0, "path")},
        tags=("repository",),
        result=_CLONED,
    ),
)

TABLE: Final = Library(
    "documents",
    known=(_OPENED, _SAVED, *_REPOSITORIES),
)
