"""Every byte of a zip may be another one: it is read, or what is wrong is told in one line."""

import io
import zipfile

import pytest

from clustering.errors import ExchangeError
from clustering.exchange import read_polis_export
from clustering.zips import open_zip
from service.exports.archive_reading import is_archive

FILES = {
    "comments.csv": (
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1,0,9,1,0,1,Trees\n"
    ),
    "votes.csv": "timestamp,comment-id,voter-id,vote\n1000,0,0,1\n",
    "participants-votes.csv": ("participant,group-id,n-comments,n-votes,n-agree,n-disagree,0\n0,0,0,1,1,0,1\n"),
}


@pytest.fixture(scope="module")
def whole():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in FILES.items():
            made.writestr(name, text)
    return packed.getvalue()


@pytest.mark.parametrize("change", [0x01, 0x40, 0x80, 0xFF])
def test_every_byte_scribbled_on(whole, change, tmp_path):
    path, said = tmp_path / "export.zip", []
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :])
        is_archive(path)
        try:
            open_zip(path).close()
            read_polis_export(path)
        except ExchangeError as error:
            said.append(str(error))
    assert all("\n" not in one for one in said)
    assert len(said) > len(whole) / 2


@pytest.mark.parametrize("packing", [b"\x0c\x00", b"\x0e\x00", b"\x63\x00"])
def test_another_way_of_packing_is_named(whole, packing, tmp_path):
    """Bzip2 and LZMA are known to the reader and wrong here; 99 is nobody's."""
    path = tmp_path / "export.zip"
    path.write_bytes(whole.replace(b"\x00\x00\x08\x00", b"\x00\x00" + packing))
    with pytest.raises(ExchangeError):
        read_polis_export(path)
