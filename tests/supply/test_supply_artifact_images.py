"""Container images: layers laid over each other, digests held, system trees left out."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from ostiary.audit.source import audit_source
from ostiary.model.audit import TargetKind
from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.acquired import Acquired
from ostiary.supply.artifact.options import AcquireOptions

CONFIG = {
    "Entrypoint": ["node"],
    "Cmd": ["/app/index.js"],
    "Env": ["TOKEN=secret-value", "A=1"],
    "ExposedPorts": {"8080/tcp": {}},
    "Labels": {"org.opencontainers.image.source": "https://h/o/r"},
}


def layer(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return data.getvalue()


def blob(root: Path, data: bytes) -> dict[str, object]:
    digest = hashlib.sha256(data).hexdigest()
    (root / "blobs/sha256").mkdir(parents=True, exist_ok=True)
    (root / "blobs/sha256" / digest).write_bytes(data)
    return {"digest": f"sha256:{digest}", "size": len(data)}


def layout(root: Path, layers: list[bytes]) -> dict[str, object]:
    config = blob(root, json.dumps({"config": CONFIG}).encode())
    manifest = {"config": config, "layers": [blob(root, one) for one in layers]}
    descriptor = blob(root, json.dumps(manifest).encode())
    (root / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (root / "index.json").write_text(json.dumps({"manifests": [descriptor]}))
    return descriptor


LAYERS = [
    {
        "usr/lib/x.so": "x",
        "etc/passwd": "x",
        "app/index.js": "old",
        "app/gone.js": "x",
        "app/old/a.js": "x",
        "usr/lib/node_modules/s/i.js": "x",
    },
    {"app/index.js": "new", "app/.wh.gone.js": "", "app/old/.wh..wh..opq": "", "app/old/b.js": "x"},
]


def got(path: Path) -> Acquired:
    found = acquire(str(path), AcquireOptions(path.parent / "cache"))
    assert isinstance(found, Acquired), found
    return found


def check(found: Acquired) -> None:
    assert found.target.kind is TargetKind.OCI
    assert list(found.project.files) == [
        "app/index.js",
        "app/old/b.js",
        "image-environment.env",
        "usr/lib/node_modules/s/i.js",
    ]
    assert found.project.files["app/index.js"].text == "new"
    assert found.project.files["image-environment.env"].text == "TOKEN=secret-value\nA=1"
    assert any("/usr" in one for one in found.notes)
    settings = dict(found.settings)
    assert settings["entrypoint"] == "node /app/index.js"
    assert settings["environment"] == "A, TOKEN"
    assert settings["user"] == "root"
    assert "secret-value" not in repr(found.settings)
    assert not found.traits


def test_layout_and_archive_of_it(tmp_path: Path) -> None:
    root = tmp_path / "image"
    descriptor = layout(root, [layer(one) for one in LAYERS])
    found = got(root)
    check(found)
    assert found.target.digest == descriptor["digest"]
    assert found.target.source == "https://h/o/r"
    with tarfile.open(tmp_path / "image.tar", "w") as archive:
        archive.add(root, ".")
    check(got(tmp_path / "image.tar"))


def test_saved_archive(tmp_path: Path) -> None:
    layers = [layer(one) for one in LAYERS]
    parts = {f"{number}/layer.tar": one for number, one in enumerate(layers)}
    names = list(parts)
    parts["c.json"] = json.dumps({"config": CONFIG}).encode()
    saved = [{"Config": "c.json", "RepoTags": ["server:1"], "Layers": names}]
    parts["manifest.json"] = json.dumps(saved).encode()
    with tarfile.open(tmp_path / "image.tar", "w") as archive:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    found = got(tmp_path / "image.tar")
    check(found)
    assert found.target.name == "server:1"


def test_layer_with_another_digest(tmp_path: Path) -> None:
    root = tmp_path / "image"
    layout(root, [layer(LAYERS[0])])
    for file in (root / "blobs/sha256").iterdir():
        if file.read_bytes()[:2] == b"\x1f\x8b":
            file.write_bytes(layer({"app/evil.js": "x"}))
    found = acquire(str(root), AcquireOptions(tmp_path / "cache"))
    assert isinstance(found, NotChecked)
    assert "has not the digest" in found.reason


@pytest.mark.parametrize("where", ["environment", "history"])
def test_a_credential_in_the_configuration_of_an_image_is_found(where: str, tmp_path: Path) -> None:
    token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    config = {
        "environment": {"config": {"Env": ["PATH=/bin", f"API_KEY={token}"]}},
        "history": {"history": [{"created_by": f"RUN git clone https://x:{token}@h.example/r"}]},
    }
    for name, held in (("clean", {"config": {"Env": ["PATH=/bin"]}}), ("held", config[where])):
        root = tmp_path / name
        manifest = {
            "config": blob(root, json.dumps(held).encode()),
            "layers": [blob(root, layer({"app/index.js": "1"}))],
        }
        (root / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        (root / "index.json").write_text(json.dumps({"manifests": [blob_of(root, manifest)]}))
        found = audit_source(got(root).project).findings
        told = [one.location.file for one in found if one.rule == "secret-in-code"]
        expected = {"environment": "image-environment.env", "history": "image-history.sh"}[where]
        assert told == ([expected] if name == "held" else [])
        assert token not in repr(found)


def blob_of(root: Path, value: object) -> dict[str, object]:
    return blob(root, json.dumps(value).encode())
